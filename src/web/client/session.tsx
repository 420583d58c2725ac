import { createContext, type ReactNode, useContext } from 'react';
import type { User } from '../../contract/api/session.ts';
import type { EndpointName } from '../../contract/api.ts';
import { type CallOutput, mayCall } from './client.ts';

type Session = Pick<CallOutput<'getSession'>, 'permissions' | 'firstSteps'> & { readonly user: User };

const CurrentSession = createContext<Session | null>(null);

/** Makes the person signed in, and what the workspace lets marketing do, known to everything below. */
export function UserProvider({ children, ...session }: Session & { readonly children: ReactNode }) {
  return <CurrentSession value={session}>{children}</CurrentSession>;
}

function useSession(): Session {
  const session = useContext(CurrentSession);
  if (session === null) throw new Error('there is no UserProvider above');
  return session;
}

/** The person signed in; throws outside of {@link UserProvider}. */
export function useUser(): User {
  return useSession().user;
}

/** Whether the first steps are still to be taken by the admin signed in. */
export function useFirstSteps(): boolean {
  return useSession().firstSteps;
}

/** Returns whether the person signed in may call an endpoint, by the contract and the permissions. */
export function useMay(): (name: EndpointName) => boolean {
  const { user, permissions } = useSession();
  return name => mayCall(user.role, name, permissions);
}
