// BullMQ on the same Redis as our lease queue: 200-byte jobs, enqueued in bulks
// of 500 and one by one, then taken and completed by one process.
// Usage: NODE_PATH=... node bullmq.js REDIS_SOCKET
'use strict';

const {Queue, Worker} = require('bullmq');

const JOBS = 20000;
const BULK = 500;
const connection = {path: process.argv[2]};
const options = {removeOnComplete: true};
const payload = {x: 'x'.repeat(200)};

function perSecond(count, begin) {
  return Math.round(count / (Number(process.hrtime.bigint() - begin) / 1e9));
}

async function enqueueBulk(queue) {
  const begin = process.hrtime.bigint();
  for (let at = 0; at < JOBS; at += BULK) {
    await queue.addBulk(Array.from(
        {length: BULK}, () => ({name: 'job', data: payload, opts: options})));
  }
  return perSecond(JOBS, begin);
}

async function enqueueOneByOne(queue, callers) {
  const begin = process.hrtime.bigint();
  let left = JOBS;
  await Promise.all(Array.from({length: callers}, async () => {
    while (left-- > 0) await queue.add('job', payload, options);
  }));
  return perSecond(JOBS, begin);
}

async function drain(queue, concurrency, count) {
  let done = 0;
  let finished;
  const all = new Promise((resolve) => { finished = resolve; });
  const worker = new Worker(queue.name, async () => {}, {
    connection, concurrency, autorun: false,
  });
  worker.on('completed', () => { if (++done === count) finished(); });
  await worker.waitUntilReady();
  const begin = process.hrtime.bigint();
  worker.run();
  await all;
  const rate = perSecond(count, begin);
  await worker.close();
  return rate;
}

async function main() {
  const queue = new Queue('bench', {connection});
  await queue.waitUntilReady();
  const version = require('bullmq/package.json').version;
  console.log(`BullMQ ${version}, node ${process.version}`);
  for (const workers of [1, 16, 128]) {
    const bulk = await enqueueBulk(queue);
    const drained = await drain(queue, workers, JOBS);
    const single = await enqueueOneByOne(queue, workers);
    await drain(queue, 128, JOBS);
    console.log(`${String(workers).padStart(3)} workers: enqueue one by one ` +
                `${single} /s, in bulks ${bulk} /s; lease+complete ${drained} /s`);
  }
  await queue.close();
}

main().catch((error) => { console.error(error); process.exit(1); });
