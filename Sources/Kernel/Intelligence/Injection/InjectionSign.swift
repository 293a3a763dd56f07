/// A sign that a text means to instruct the one who reads it by machine.
enum InjectionSign: String, CaseIterable, Hashable, Sendable {
    /// To forget or pass over what was said before.
    case override
    /// To be somebody else, or to play without rules.
    case role
    /// To tell instructions, passwords, keys.
    case secrets
    /// To do something that nobody but the agency may ask for.
    case action
    /// To say or write given words.
    case output
    /// To write something for somebody: a task for a machine.
    case task
    /// To address a machine at all.
    case machine
    /// Marks of a prompt: roles in brackets, templates, ends of sections.
    case markup
    /// A phrase of mail between people that sounds like one of the above.
    case harmless

    var weight: Double {
        switch self {
        case .override: 3.2
        case .role: 2.6
        case .secrets: 2.6
        case .action: 2.6
        case .output: 2.2
        case .task: 1.6
        case .machine: 1.4
        case .markup: 3
        case .harmless: -2.5
        }
    }

    static let phrases = PhraseSet<InjectionSign>(about: "injection")
}
