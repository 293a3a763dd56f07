internal import Glibc
internal import Simulation

let usage = """
    bureau-sim: stories of the runtime in which workers die, commits fail, leases run out and clocks jump

      bureau-sim [--seeds COUNT] [--from SEED] [--play jobs|workflows] [--mistake NAME]
      bureau-sim --seed SEED [--play jobs|workflows]    tells one story, line by line

    Mistakes, which it must find: \(Simulator.Mistake.allCases.map(\.rawValue).joined(separator: ", ")).
    Ends with 1 when something was wrong, and names the seeds.
    """

func fail(_ text: String) -> Never {
    let line = "bureau-sim: \(text)\n"
    write(STDERR_FILENO, line, line.utf8.count)
    exit(2)
}

var seeds: ClosedRange<UInt64>?
var count: UInt64 = 2000, first: UInt64 = 1
var plays = Simulator.Play.allCases
var mistake: Simulator.Mistake?

var arguments = CommandLine.arguments.dropFirst()
while let option = arguments.popFirst() {
    if option == "--help" {
        print(usage)
        exit(0)
    }
    guard let value = arguments.popFirst() else { fail("\(option) wants a value; see bureau-sim --help") }
    switch option {
    case "--seeds", "--from", "--seed":
        guard let number = UInt64(value), number > 0 else { fail("\(value) is not a number of seeds") }
        if option == "--seeds" { count = number }
        if option == "--from" { first = number }
        if option == "--seed" { seeds = number...number }
    case "--play":
        guard let play = Simulator.Play(rawValue: value) else {
            fail("\(value) is no play: jobs or workflows")
        }
        plays = [play]
    case "--mistake":
        guard let known = Simulator.Mistake(rawValue: value) else {
            fail("\(value) is not among the mistakes; see bureau-sim --help")
        }
        mistake = known
    default: fail("there is no option \(option); see bureau-sim --help")
    }
}

let simulator = try Simulator()
var faulty = 0
for seed in seeds ?? first...(first + count - 1) {
    for play in plays {
        let story = await simulator.story(play, seed: seed, mistake: mistake)
        if seeds != nil { for line in story.trace { print("\(play.rawValue): \(line)") } }
        guard !story.faults.isEmpty else { continue }
        faulty += 1
        print("\(play.rawValue), seed \(seed): \(story.faults.joined(separator: "; "))")
    }
}
print(faulty == 0 ? "nothing was wrong" : "\(faulty) stories went wrong; tell one again with --seed")
exit(faulty == 0 ? 0 : 1)
