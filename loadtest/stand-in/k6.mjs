/**
 * Stands in for k6 where that can't be had: `node stand-in/k6.mjs run -e RATE=5 steady.js`. Runs the scripts as they are; it makes no
 * load worth the name, knows no more of k6 than they use, and proves nothing of their syntax under k6 itself.
 */
import { run } from './run.mjs';

const [command, ...words] = process.argv.slice(2);
/** @type {{ [name: string]: string | undefined }} */
const env = { ...process.env };
let script;
while (words.length > 0) {
  const word = words.shift() ?? '';
  if (word === '-e') {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(words.shift() ?? '') ?? [];
    if (name === undefined) break;
    env[name] = value;
  } else if (!word.startsWith('-') && script === undefined) {
    script = word;
  } else {
    script = undefined;
    break;
  }
}
if (command !== 'run' || script === undefined || words.length > 0) {
  process.stderr.write('usage: node stand-in/k6.mjs run [-e NAME=VALUE]… SCRIPT\n');
  process.exit(2);
}
process.exitCode = await run(script, env);
