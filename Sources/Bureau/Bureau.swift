internal import Agents
internal import Database
internal import Glibc
internal import HTTPServer
internal import JSON
internal import Media
internal import Records
internal import Telemetry
internal import Tenancy

@main
enum Bureau {
    static func main() async {
        // Before anything else is there: the process looks at one file of a stranger, and ends.
        if CommandLine.arguments.dropFirst().first == MediaChild.word {
            MediaChild.run(CommandLine.arguments.dropFirst(2))
        }
        signal(SIGPIPE, SIG_IGN)
        // All files, backups too, are for their owner alone.
        umask(0o077)
        let status = await run(Array(CommandLine.arguments.dropFirst()), .real)
        fflush(nil)
        // Threads may still run; the system ends them better than destructors beside them would.
        _exit(status)
    }

    /// Runs the command that the arguments name; the exit status.
    static func run(_ arguments: [String], _ surroundings: ProcessSurroundings) async -> Int32 {
        let terminal = Terminal()
        let invocation: Invocation
        do {
            invocation = try ArgumentParser(commands: allCommands).parse(arguments)
        } catch {
            terminal.printError("bureau: \(error)")
            terminal.printError("  See: " + (["bureau"] + error.command + ["--help"]).joined(separator: " "))
            return 2
        }
        switch invocation {
        case .help(let words):
            terminal.print(Help(commands: allCommands).text(words))
            return 0
        case .version:
            terminal.print("bureau \(bureauVersion)")
            return 0
        case .run(let entry, let command, let values, let common):
            let session = CommandSession(
                entry: entry, values: values, common: common, surroundings: surroundings)
            do {
                try await command.run(session)
                return 0
            } catch let exit as CommandExit {
                return exit.status
            } catch {
                let failure = CommandFailure(error)
                if common.isJSON {
                    terminal.print(
                        JSON.object([
                            "error": ["message": .string(failure.what), "remedy": JSON(failure.remedy)]
                        ]).serialized)
                } else {
                    terminal.printError("bureau: \(failure)")
                }
                return 1
            }
        }
    }
}

extension CommandFailure {
    /// Any error, with what to do about it where that is known.
    init(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case DatabaseError.inUse(let owner):
            self.init(
                "the data folder is in use by \(owner)",
                "Stop it with bureau stop, or choose another folder with --data.")
        case DatabaseError.unavailable(.corrupt(let text)):
            self.init(
                "the database is damaged: \(text)",
                """
                Keep the folder as it is, and put the newest backup into an empty one: bureau verify FILE reads a backup,
                  bureau restore FILE --data DIR puts it back.
                """)
        case let unmet as UnmetNeeds: self.init(unmet.description, unmet.remedy)
        case let error as DatabaseError: self.init("\(error)")
        case let error as FileError: self.init(error.description, error.remedy)
        case let fault as SystemFault: self.init(fault.description, fault.remedy)
        case HTTPServerError.cannotListen(let address, let fault):
            self.init("the server cannot listen at \(address): \(fault)", fault.remedy)
        case let error as HTTPServerError: self.init("\(error)")
        case let problem as Problem:
            let faults = problem.faults.map { "\($0.pointer.dropFirst()): \($0.detail)" }
            self.init(faults.isEmpty ? problem.detail : faults.joined(separator: "\n  "))
        case let known as any ProblemConvertible: self.init(known.problem.detail)
        default: self.init("\(error)")
        }
    }
}
