import { type Lead, RULES, type Sheet, sheetOf } from './table.ts';

/** Another engine that scores leads by the table. */
export interface Engine {
  readonly name: string;
  /** Whether it only evaluates expressions, without the engine around them; measured beside the others, for the eye. */
  readonly isBare: boolean;
  /** Scores all leads, each on its own. */
  readonly scoreAll: (leads: readonly Lead[]) => Promise<readonly Sheet[]>;
  readonly close: () => void;
}

/** How many decisions zen-engine works on at a time: it has threads of its own, and one at a time would idle them. */
const IN_FLIGHT = 100;

/** json-rules-engine: one engine for all leads, facts handed in at each run, one lead after the other. */
export async function jsonRulesEngine(): Promise<Engine> {
  const { Engine } = await import('json-rules-engine');
  const engine = new Engine(
    RULES.map(({ id, tests }) => ({
      name: id,
      conditions: { all: tests.map(test => ({ ...test })) },
      event: { type: id },
    })),
  );
  engine.addOperator<string, readonly string[]>('hasWord', (title, list) => {
    const words = title.toLowerCase().split(' ');
    return list.some(word => words.includes(word));
  });
  engine.addOperator<readonly string[], readonly string[]>('containsOneOf', (values, list) =>
    values.some(value => list.includes(value)),
  );
  return {
    name: 'json-rules-engine',
    isBare: false,
    scoreAll: async leads => {
      const sheets: Sheet[] = [];
      for (const lead of leads) {
        const { events } = await engine.run({ ...lead });
        const met = new Set(events.map(event => event.type));
        sheets.push(sheetOf(rule => met.has(rule.id)));
      }
      return sheets;
    },
    close: () => undefined,
  };
}

/** zen-engine: one expression node of ten expressions, compiled once, many leads in flight on its threads. */
export async function zenDecision(): Promise<Engine> {
  const { ZenEngine, ZenDecisionContent } = await loadZen();
  const node = (id: string, type: string, content?: object) => ({
    id,
    type,
    name: id,
    position: { x: 0, y: 0 },
    content,
  });
  const expressions = RULES.map(({ id, expression }) => ({ id, key: id, value: expression }));
  const graph = {
    nodes: [
      node('in', 'inputNode'),
      node('rules', 'expressionNode', { expressions }),
      node('out', 'outputNode'),
    ],
    edges: [
      { id: 'a', type: 'edge', sourceId: 'in', targetId: 'rules' },
      { id: 'b', type: 'edge', sourceId: 'rules', targetId: 'out' },
    ],
  };
  const engine = new ZenEngine();
  const decision = engine.createDecision(new ZenDecisionContent(Buffer.from(JSON.stringify(graph))));
  const scoreOne = async (lead: Lead) => {
    const { result } = await decision.evaluate(lead);
    return sheetOf(rule => result[rule.id] === true);
  };
  return {
    name: 'zen-engine, expression node',
    isBare: false,
    scoreAll: async leads => {
      const sheets: Sheet[] = [];
      for (let start = 0; start < leads.length; start += IN_FLIGHT)
        sheets.push(...(await Promise.all(leads.slice(start, start + IN_FLIGHT).map(scoreOne))));
      return sheets;
    },
    close: () => engine.dispose(),
  };
}

/** zen-engine: all ten rules as one expression, evaluated in this thread; it spares the way to a thread and back. */
export async function zenExpression(): Promise<Engine> {
  const { evaluateExpressionSync } = await loadZen();
  const all = `[${RULES.map(({ expression }) => expression).join(', ')}]`;
  return {
    name: 'zen-engine, bare expression',
    isBare: true,
    scoreAll: async leads =>
      leads.map(lead => {
        const held = evaluateExpressionSync(all, lead);
        return sheetOf((_, index) => held[index] === true);
      }),
    close: () => undefined,
  };
}

async function loadZen() {
  const { default: zen } = await import('@gorules/zen-engine');
  return zen;
}
