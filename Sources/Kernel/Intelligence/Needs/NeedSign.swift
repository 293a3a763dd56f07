internal import Lexicons

/// The ways in which people speak of needs.
enum NeedSign: Hashable, Sendable {
    /// The thing's name.
    case name(NeedKind)
    /// A symptom that is felt without it.
    case symptom(NeedKind)
    /// To want something, to look for help.
    case wish
    /// Not to want it, or to have it already.
    case refusal
    case decides, shares, mustAsk, notResponsible
    /// The text mentions something of the writer's own that may be in trouble (`our bookings have dried up`).
    case thing(NeedKind)
    case trouble, negation, own, offer, poor
    case atOnce
    case deadline

    static let phrases: PhraseSet<NeedSign> = {
        let lexicon = Lexicon("needs")
        return PhraseSet(groups: all.map { ($0, lexicon.lines($0.section).joined(separator: "\n")) })
    }()

    private static let all: [NeedSign] =
        NeedKind.allCases.flatMap { kind -> [NeedSign] in [.name(kind), .symptom(kind), .thing(kind)] } + [
            .wish, .refusal, .decides, .shares, .mustAsk, .notResponsible, .trouble, .negation, .own, .offer,
            .poor, .atOnce, .deadline,
        ]

    /// The section of the lexicon that holds its phrases.
    private var section: String {
        switch self {
        case .name(let kind): "name \(kind.rawValue)"
        case .symptom(let kind): "symptom \(kind.rawValue)"
        case .thing(let kind): "thing \(kind.rawValue)"
        case .wish: "wish"
        case .refusal: "refusal"
        case .decides: "decides"
        case .shares: "shares"
        case .mustAsk: "must_ask"
        case .notResponsible: "not_responsible"
        case .trouble: "trouble"
        case .negation: "negation"
        case .own: "own"
        case .offer: "offer"
        case .poor: "poor"
        case .atOnce: "at_once"
        case .deadline: "deadline"
        }
    }
}
