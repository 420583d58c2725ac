import '@mantine/dates/styles.css';
import { Card } from '../part/card.tsx';
import { useUser } from '../session.tsx';
import { WorkingTime } from '../team/work.tsx';

/** When the person signed in works and is off; routing gives them leads by it. */
export function WorkPart() {
  const { id } = useUser();
  return (
    <Card title="My working time">
      <WorkingTime userId={id} />
    </Card>
  );
}
