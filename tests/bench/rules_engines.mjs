// The condition of rules_bench.cpp in the two CEL engines of npm, over the same
// post: evaluations a second, the best of many short rounds. One JSON object.
import {createRequire} from 'node:module'

const require = createRequire(new URL('../package.json', import.meta.url))
const {Environment} = require('@marcbachmann/cel-js')
const {celEnv, mapType, CelScalar, parse, plan} = require('@bufbuild/cel')

const source = process.argv[2]
const post = {
  platform: 'instagram',
  kind: 'reel',
  text: 'we joined the boycott today',
  likes: 12n
}

function cel_js() {
  const environment = new Environment().registerVariable('post', 'map<string, dyn>')
  const evaluate = environment.parse(source)
  return () => evaluate({post})
}

function bufbuild() {
  const environment = celEnv({variables: {post: mapType(CelScalar.STRING, CelScalar.DYN)}})
  const evaluate = plan(environment, parse(source))
  return () => evaluate({post})
}

const round_ms = 100
const rounds = 20

// On a busy machine the wall clock counts what others do; with more than one
// thread, processor time counts what the collector does beside. The smaller of
// the two is the kinder figure.
function spent_ms(wall, cpu) {
  const {user, system} = process.cpuUsage(cpu)
  return Math.min(performance.now() - wall, (user + system) / 1000)
}

function evaluations_per_second(evaluate) {
  if (evaluate() !== true) throw new Error('the condition should be true')
  let best = 0
  for (let round = 0; round < rounds; ++round) {
    const wall = performance.now()
    const cpu = process.cpuUsage()
    let turns = 0
    let spent = 0
    while (spent < round_ms) {
      for (let i = 0; i < 1000; ++i) evaluate()
      turns += 1000
      spent = spent_ms(wall, cpu)
    }
    best = Math.max(best, (turns / spent) * 1000)
  }
  return best
}

console.log(
  JSON.stringify({
    '@marcbachmann/cel-js': evaluations_per_second(cel_js()),
    '@bufbuild/cel': evaluations_per_second(bufbuild())
  })
)
