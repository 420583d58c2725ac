import Fastify from 'fastify';
import pg from 'pg';

/** The least that a server can do which keeps what it answers: one row, committed. Prints its address when it is ready. */
const pool = new pg.Pool({ connectionString: process.argv[2] ?? '', max: 12 });
await pool.query(
  'create table kept (id bigint generated always as identity primary key, body jsonb not null, at timestamptz not null)',
);
const server = Fastify();
server.post('/', async request => {
  await pool.query({
    name: 'keep',
    text: 'insert into kept (body, at) values ($1, now())',
    values: [JSON.stringify(request.body)],
  });
  return { success: true };
});
console.log(await server.listen({ host: '127.0.0.1', port: 0 }));
