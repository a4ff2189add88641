/** What the stand-in makes of options and samples, where k6's manual says what it must be. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plan } from '../../loadtest/stand-in/executors.mjs';
import { Metrics } from '../../loadtest/stand-in/metrics.mjs';
import { Threshold } from '../../loadtest/stand-in/thresholds.mjs';

const vus = { preAllocatedVUs: 1, maxVUs: 1 };

test('spaces arrivals evenly, from the beginning on', () => {
  const { arrivals } = plan('even', { executor: 'constant-arrival-rate', rate: 4, timeUnit: '2s', duration: '3s', ...vus });

  assert.deepEqual(arrivals, [0, 500, 1000, 1500, 2000, 2500]);
});

test('makes as many arrivals on a slope as its mean rate says, closer and closer', () => {
  const stages = [
    { target: 10, duration: '4s' },
    { target: 10, duration: '1s' },
    { target: 0, duration: '2s' },
  ];
  const { arrivals, duration } = plan('slope', { executor: 'ramping-arrival-rate', startRate: 0, stages, ...vus });
  const gaps = arrivals.slice(1).map((arrival, i) => arrival - arrivals[i]);

  assert.equal(duration, 7000);
  assert.equal(arrivals.length, 20 + 10 + 10);
  assert.ok(gaps.every((gap) => gap > 0));
  assert.ok(gaps.slice(1, 20).every((gap, i) => gap <= gaps[i] + 1e-6));
  assert.ok(arrivals.every((arrival) => arrival < duration));
});

test('judges by each aggregation, and by the part that is named', () => {
  const metrics = new Metrics();
  metrics.declare('wait', 'trend', true);
  metrics.declare('lost', 'counter', false);
  /** @type {[metric: string, threshold: string, holds: boolean][]} */
  const table = [
    ['wait', 'min>=1', true],
    ['wait', 'max<100', false],
    ['wait', 'med==50.5', true],
    ['wait', 'avg != 50.5', false],
    ['wait', 'p(95)<95.05', false],
    ['wait', 'p(95) <= 95.06', true],
    ['wait{phase:outage}', 'max===50', true],
    ['wait{phase:outage,provider:a}', 'max<1', true], // of nothing: 0
    ['wait{phase:outage,provider:a}', 'max>0', false],
    ['lost', 'count==3', true],
    ['lost', 'rate<0.3', false], // in ten seconds
    ['checks', 'rate>0.5', false],
    ['http_req_failed{name:send}', 'rate<0.01', true], // of nothing there is none
  ];
  const thresholds = table.map(([metric, threshold]) => new Threshold(metric, threshold, metrics.watch(metric)));
  for (let n = 1; n <= 100; n++) metrics.add('wait', n, { phase: n <= 50 ? 'outage' : 'healed' });
  metrics.add('lost', 3);
  metrics.add('checks', 1);
  metrics.add('checks', 0);

  thresholds.forEach((threshold, i) => assert.equal(threshold.evaluate(10), table[i][2], `${table[i]}`));
});
