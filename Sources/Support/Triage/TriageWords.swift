/// The words that triage looks for, folded: without accents and capitals.
enum TriageWords {
    /// Each gives at least a high priority; words of one meaning count once.
    static let keywords: [String: String] = [
        "urgent": "urgent", "urgently": "urgent", "dringend": "urgent", "eilt": "urgent", "urgente": "urgent",
        "critical": "critical", "kritisch": "critical", "critico": "critical", "critique": "critical",
        "broken": "broken", "kaputt": "broken", "defekt": "broken", "roto": "broken",
        "emergency": "emergency", "notfall": "emergency", "emergencia": "emergency", "urgence": "emergency",
    ]
    static let negations: Set = [
        "not", "nothing", "no", "isnt", "arent", "never", "nicht", "nichts", "kein", "keine", "pas",
    ]
    static let pressing = [
        "asap", "as soon as possible", "immediately", "right away", "right now", "is down", "are down",
        "outage", "offline", "deadline", "today", "cannot log in", "cant log in", "not working",
        "does not work",
        "doesnt work", "hacked", "data loss", "lost everything", "losing money", "sofort",
        "so schnell wie moglich",
        "geht nicht", "funktioniert nicht", "ausgefallen", "heute noch",
    ]
    static let angry = [
        "angry", "unacceptable", "terrible", "awful", "disappointed", "disappointing", "frustrated",
        "frustrating", "ridiculous", "worst", "useless", "again and again", "still waiting", "fed up",
        "complaint", "complain", "lawyer", "refund", "furious", "annoyed", "arger", "verargert", "enttauscht",
        "unmoglich", "beschwerde", "anwalt", "inakzeptabel", "frechheit",
    ]
    static let glad = [
        "thank you", "thanks", "great", "excellent", "love", "happy", "wonderful", "amazing", "perfect",
        "well done", "danke", "vielen dank", "super", "toll", "freue", "freuen", "ausgezeichnet",
    ]
    static let cancelling = [
        "cancel my", "cancel our", "cancel the contract", "terminate", "end our contract", "leave you",
        "kundigen", "kundigung", "vertrag beenden",
    ]
    static let asking = [
        "how do", "how can", "what is", "where do", "where is", "can you tell", "is it possible", "wie kann",
        "wo finde", "was ist", "konnen sie",
    ]
    /// The first of two that fit equally well.
    static let categories: [(String, [String])] = [
        (
            "billing",
            [
                "invoice", "invoices", "bill", "billing", "payment", "pay", "charge", "charged", "refund",
                "price", "rechnung", "rechnungen", "zahlung", "bezahlen", "preis", "mahnung",
            ]
        ),
        (
            "technical",
            [
                "error", "bug", "broken", "down", "website", "site", "page", "server", "not working",
                "does not work", "crash", "slow", "tracking", "pixel", "fehler", "kaputt", "webseite",
                "seite", "langsam", "funktioniert nicht",
            ]
        ),
        (
            "account",
            [
                "password", "log in", "login", "account", "access", "user", "permission", "passwort",
                "zugang", "anmelden", "konto", "benutzer",
            ]
        ),
        (
            "content",
            [
                "logo", "text", "image", "picture", "banner", "post", "blog", "copy", "design", "video",
                "bild", "beitrag", "gestaltung",
            ]
        ),
        (
            "reporting",
            [
                "report", "reports", "figures", "numbers", "dashboard", "analytics", "bericht", "zahlen",
                "auswertung",
            ]
        ),
        (
            "campaign",
            [
                "campaign", "campaigns", "ads", "ad", "budget", "clicks", "leads", "keyword", "newsletter",
                "kampagne", "anzeigen",
            ]
        ),
        (
            "contract",
            [
                "contract", "cancel my", "terminate", "renewal", "upgrade", "package", "vertrag",
                "kundigen", "kundigung", "verlangern",
            ]
        ),
    ]
    /// Words that a language cannot do without.
    static let languages: [(String, Set<String>)] = [
        (
            "en",
            [
                "the", "and", "is", "are", "you", "how", "my", "do", "it", "please", "we", "our", "to", "of",
                "have", "what", "not",
            ]
        ),
        (
            "de",
            [
                "der", "die", "das", "und", "ist", "sind", "wir", "ich", "sie", "nicht", "bitte", "wie",
                "unser", "unsere", "mein", "meine", "zu", "ein", "eine",
            ]
        ),
        (
            "fr",
            [
                "le", "la", "les", "et", "est", "nous", "je", "vous", "pas", "mon", "notre", "une", "des",
                "pour", "que",
            ]
        ),
        (
            "es",
            [
                "el", "los", "las", "y", "es", "no", "por", "para", "mi", "nuestro", "una", "que", "como",
                "con", "estamos",
            ]
        ),
    ]
}
