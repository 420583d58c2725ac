import { expect, it } from 'vitest';
import { lossesOf } from '../../src/web/report/leakagewords.ts';

it('tells lost leads apart from those decided late and those that went another way by the agreement', () => {
  const reason = (id: string, count: number) => ({ id, label: id, count });
  expect(
    lossesOf([
      { reasons: [reason('sent:customer_success', 11), reason('closed:competitor', 2)] },
      { reasons: [reason('decided_late_touch', 258), reason('touched_late', 3), reason('untouched', 4)] },
    ]),
  ).toEqual({ lost: 7, late: 258, agreed: 13 });
});
