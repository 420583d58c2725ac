import { createBrowserRouter } from 'react-router';
import { BrokenPage } from './frame/broken.tsx';
import { Gate } from './frame/gate.tsx';
import { Home } from './frame/home.tsx';
import { MissingPage } from './kit/denied.tsx';
import { QueuePage } from './queue/page.tsx';

/** The page until its first part has arrived. */
function Nothing() {
  return null;
}

/** The addresses of the app. The queue comes at once; every other page when it is first asked for. */
export function makeRouter() {
  return createBrowserRouter([
    {
      path: '/',
      Component: Gate,
      ErrorBoundary: BrokenPage,
      HydrateFallback: Nothing,
      children: [
        {
          ErrorBoundary: BrokenPage,
          children: [
            { index: true, Component: Home },
            // Where the link of the first admin leads, who is signed in by then.
            { path: 'setup', Component: Home },
            { path: 'queue', Component: QueuePage },
            {
              path: 'start',
              lazy: async () => ({ Component: (await import('./settings/steps.tsx')).FirstStepsPage }),
            },
            {
              path: 'today',
              lazy: async () => ({ Component: (await import('./board/today.tsx')).TodayPage }),
            },
            {
              path: 'board',
              lazy: async () => ({ Component: (await import('./board/page.tsx')).BoardPage }),
            },
            {
              path: 'contacts',
              lazy: async () => ({ Component: (await import('./contact/contacts.tsx')).ContactsPage }),
            },
            {
              path: 'contacts/:id',
              lazy: async () => ({ Component: (await import('./contact/contact.tsx')).ContactPage }),
            },
            {
              path: 'nurture',
              lazy: async () => ({ Component: (await import('./nurture/page.tsx')).NurturePage }),
            },
            {
              path: 'import',
              lazy: async () => ({ Component: (await import('./import/page.tsx')).ImportPage }),
            },
            {
              path: 'exceptions',
              lazy: async () => ({ Component: (await import('./exception/page.tsx')).ExceptionsPage }),
            },
            {
              path: 'team',
              lazy: async () => ({ Component: (await import('./routing/page.tsx')).TeamPage }),
            },
            {
              path: 'alerts',
              lazy: async () => ({ Component: (await import('./alert/page.tsx')).AlertsPage }),
            },
            {
              path: 'deliveries',
              lazy: async () => ({ Component: (await import('./delivery/page.tsx')).DeliveriesPage }),
            },
            {
              path: 'report',
              lazy: async () => ({ Component: (await import('./report/page.tsx')).ReportPage }),
            },
            {
              path: 'reviews',
              lazy: async () => ({ Component: (await import('./review/page.tsx')).ReviewsPage }),
            },
            {
              path: 'reviews/:kind/:key',
              lazy: async () => ({ Component: (await import('./review/review.tsx')).ReviewPage }),
            },
            {
              path: 'agreement',
              lazy: async () => ({ Component: (await import('./agreement/page.tsx')).AgreementPage }),
            },
            {
              path: 'settings/:part?',
              lazy: async () => ({ Component: (await import('./settings/page.tsx')).SettingsPage }),
            },
            { path: '*', Component: MissingPage },
          ],
        },
      ],
    },
  ]);
}
