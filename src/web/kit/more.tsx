import { Button, type ButtonProps } from '@mantine/core';

/** A list that is asked for page by page, as `usePages` gives it. */
interface Paged {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => Promise<unknown>;
}

/** Asks for the next page of a list; nothing at its end. */
export function More({
  pages,
  label = 'Load more',
  ...looks
}: { readonly pages: Paged; readonly label?: string } & Pick<
  ButtonProps,
  'size' | 'mt' | 'mx' | 'display' | 'fullWidth'
>) {
  if (!pages.hasNextPage) return null;
  return (
    <Button
      variant="default"
      {...looks}
      loading={pages.isFetchingNextPage}
      onClick={() => void pages.fetchNextPage()}
    >
      {label}
    </Button>
  );
}
