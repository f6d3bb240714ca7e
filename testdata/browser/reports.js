// The pages that are tested: made by decamp itself, in a folder that is removed at the end.
import {spawnSync} from 'node:child_process';
import {mkdtempSync, mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const program = process.env.DECAMP ?? join(root, 'bin/decamp');

// decamp runs a command line in a folder and returns what it writes.
export function decamp(args, cwd = root) {
  const run = spawnSync(program, args, {cwd, encoding: 'utf8', maxBuffer: 1 << 30});
  if (run.error || run.status > 1) throw run.error ?? new Error(`decamp ${args.join(' ')}: ${run.status}\n${run.stderr}`);
  return run.stdout;
}

// A spec that tries what it can to become more than text, with secrets in many places.
const hostile = `decamp: v1
name: hostile
workloads:
  web:
    image: "web:1"
    labels: {note: "<script>window.hacked = 1</script>", other: "'\\"><img src=x onerror='window.hacked=2'>"}
    args: ["--token=hunter2-in-args", "</code></pre><script>window.hacked = 3</script>"]
    env: {DB_PASSWORD: hunter2-in-env, URL: "postgres://app:hunter2-in-url@db/shop", QUOTE: "'</style><script>window.hacked = 4</script>"}
    # API_TOKEN: hunter2-in-a-comment
    egress: []
    log: {driver: "<b>local</b>"}
platform:
  nomad:
    - {on: workloads.web, patch: {user: "<i>root</i>"}, why: "<script>window.hacked = 5</script>", exit: "javascript:window.hacked=6"}
stages:
  dev: {vary: {workloads.web.labels.note: "<svg onload='window.hacked = 7'>"}}
  prod: {}
`;

// large is a spec of that many services of the ordinary sort.
export function large(count) {
  let text = 'decamp: v1\nname: large\nworkloads:\n';
  for (let i = 0; i < count; i++) {
    text += `  service-${i}:\n    image: "registry.example.com/team/service-${i}:1.2.3"\n    ports: {http: 8080, metrics: 9090}\n` +
      `    env: {LOG_LEVEL: info, NUMBER: "${i}"}\n    resources: {cpu: 100m, memory: 64Mi, limits: {cpu: 500m, memory: 128Mi}}\n` +
      `    health: {ready: {http: {port: http, path: /ready}}, live: {http: {port: http, path: /live}}}\n` +
      (i > 0 ? `    needs: {service-${i - 1}: ready}\n` : '');
  }
  return text;
}

// reports makes all pages, name → file, and a function that removes them.
export function reports() {
  const folder = mkdtempSync(join(tmpdir(), 'decamp-pages-'));
  const files = {};
  const page = (name, args, cwd) => {
    files[name] = join(folder, name + '.html');
    writeFileSync(files[name], decamp([...args, '--format', 'html'], cwd));
  };
  const spec = (name, text) => {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'decamp.yaml'), text);
    return join(folder, name);
  };
  page('audit', ['audit', 'examples/shop']);
  page('audit-verbose', ['audit', 'examples/shop@prod', 'examples/voting-app', '-v', '--lines']);
  page('audit-files', ['audit', 'examples/moving/kubernetes', '--to', 'nomad']);
  page('diff', ['diff', 'examples/shop@dev', 'examples/shop@prod']);
  page('diff-same', ['diff', 'examples/hello', 'examples/hello']);
  page('diff-platforms', ['diff', 'examples/moving/compose', 'examples/moving/kubernetes']);
  page('parity', ['parity', 'examples/shop']);
  const bad = spec('hostile', hostile);
  page('hostile-audit', ['audit', '.'], bad);
  page('hostile-diff', ['diff', '.@dev', '.@prod'], bad);
  page('hostile-parity', ['parity', '.'], bad);
  const big = spec('large', large(1000));
  page('large-audit', ['audit', '.'], big);
  files.svg = join(folder, 'shop.svg');
  writeFileSync(files.svg, decamp(['graph', 'examples/shop@prod', '--format', 'svg']));
  return {files, remove: () => rmSync(folder, {recursive: true})};
}
