import { PERMISSIONS, type Permission } from '../../contract/access.ts';

/** What the workspace may let marketing do, each with what it means, in the order of the page. */
const PERMISSION_WORDS: Readonly<Record<Permission, { readonly label: string; readonly words: string }>> = {
  reviewDuplicates: {
    label: 'Decide on possible duplicates',
    words: 'Marketing may merge two contacts that are one person, keep them apart, and undo both.',
  },
  classEvents: {
    label: 'Say what made an event',
    words: 'Marketing may mark an event as made by a machine or by a person. The score follows at once.',
  },
  replayCalls: {
    label: 'Take rejected calls in again',
    words:
      'Marketing may correct a rejected call and take it in, once. Where the person or their values are changed, it counts like a call from a web page: it fills empty values and overwrites none.',
  },
};

/** The permissions as a page lists them. */
export const PERMISSION_CHOICES = PERMISSIONS.map(name => ({ name, ...PERMISSION_WORDS[name] }));
