import { createBrowserRouter, Navigate } from 'react-router';
import { BrokenPage } from './page/broken.tsx';
import { MissingPage } from './page/missing.tsx';
import { QueuePage } from './page/queue.tsx';
import { Gate } from './part/gate.tsx';

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
            { index: true, element: <Navigate to="/queue" replace /> },
            { path: 'queue', Component: QueuePage },
            {
              path: 'contacts',
              lazy: async () => ({ Component: (await import('./page/contacts.tsx')).ContactsPage }),
            },
            {
              path: 'contacts/:id',
              lazy: async () => ({ Component: (await import('./page/contact.tsx')).ContactPage }),
            },
            {
              path: 'exceptions',
              lazy: async () => ({ Component: (await import('./page/exceptions.tsx')).ExceptionsPage }),
            },
            {
              path: 'team',
              lazy: async () => ({ Component: (await import('./page/team.tsx')).TeamPage }),
            },
            {
              path: 'alerts',
              lazy: async () => ({ Component: (await import('./page/alerts.tsx')).AlertsPage }),
            },
            {
              path: 'deliveries',
              lazy: async () => ({ Component: (await import('./page/deliveries.tsx')).DeliveriesPage }),
            },
            {
              path: 'report',
              lazy: async () => ({ Component: (await import('./page/report.tsx')).ReportPage }),
            },
            {
              path: 'agreement',
              lazy: async () => ({ Component: (await import('./page/agreement.tsx')).AgreementPage }),
            },
            {
              path: 'settings/:part?',
              lazy: async () => ({ Component: (await import('./page/settings.tsx')).SettingsPage }),
            },
            { path: '*', Component: MissingPage },
          ],
        },
      ],
    },
  ]);
}
