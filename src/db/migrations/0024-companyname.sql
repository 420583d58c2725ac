-- A person who corrects the company of a contact gives its name.
create index contact_company_name on contact (lower(company_name)) where merged_into is null and company_id is not null;
