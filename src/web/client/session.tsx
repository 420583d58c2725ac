import { createContext, type ReactNode, useContext } from 'react';
import type { User } from '../../contract/api/session.ts';
import type { EndpointName } from '../../contract/api.ts';
import { mayCall } from './client.ts';

const CurrentUser = createContext<User | null>(null);

/** Makes the person signed in known to everything below. */
export function UserProvider({ user, children }: { readonly user: User; readonly children: ReactNode }) {
  return <CurrentUser value={user}>{children}</CurrentUser>;
}

/** The person signed in; throws outside of {@link UserProvider}. */
export function useUser(): User {
  const user = useContext(CurrentUser);
  if (user === null) throw new Error('useUser was called outside of UserProvider');
  return user;
}

/** Returns whether the person signed in may call an endpoint, by the contract. */
export function useMay(): (name: EndpointName) => boolean {
  const { role } = useUser();
  return name => mayCall(role, name);
}
