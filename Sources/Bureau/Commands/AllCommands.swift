/// The commands, in the order of the help.
let allCommands: [CommandEntry] = [
    CommandEntry(ServeCommand.self),
]
