import { Navigate } from 'react-router';
import { useFirstSteps } from '../client/session.tsx';

/** Where a person begins: with the queue, or an admin of an empty Baton with the first steps. */
export function Home() {
  return <Navigate to={useFirstSteps() ? '/start' : '/queue'} replace />;
}
