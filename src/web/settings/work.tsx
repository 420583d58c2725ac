import '@mantine/dates/styles.layer.css';
import { useUser } from '../client/session.tsx';
import { Card } from '../kit/card.tsx';
import { WorkingTime } from '../routing/work.tsx';

/** When the person signed in works and is off; routing gives them leads by it. */
export function WorkPart() {
  const { id } = useUser();
  return (
    <Card title="My working time">
      <WorkingTime userId={id} />
    </Card>
  );
}
