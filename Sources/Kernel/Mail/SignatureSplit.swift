/// Parts a text without quotes into what is said and what it is signed with. Where it is not sure, all is said.
struct SignatureSplit {
    private(set) var text: [Substring]
    private(set) var signature: [Substring] = []

    /// Lines that a signature may have, blank ones not counted.
    private static let linesMax = 12

    init(_ lines: [Substring]) {
        text = lines
        if let start = Self.separator(lines) ?? Self.device(lines) ?? Self.closing(lines) {
            (text, signature) = (Array(lines[..<start]), Array(lines[start...]))
        }
    }

    /// `-- `, which many programs and people write without its blank.
    private static func separator(_ lines: [Substring]) -> Int? {
        lines.firstIndex { $0 == "-- " || $0 == "--" || $0 == "\u{2014} " || $0 == "—" }
    }

    // MARK: Devices

    private static let devices = [
        "sent from my ", "sent from outlook", "sent from yahoo", "sent from mail for", "sent from proton",
        "sent from samsung",
        "sent via ", "sent with proton", "sent from the ", "get outlook for", "sent on the go",
        "sent from an iphone",
        "von meinem ", "gesendet von ", "gesendet mit ", "gesendet via ", "von unterwegs gesendet",
        "holen sie sich outlook",
        "outlook für ", "envoyé de mon ", "envoyé depuis ", "envoyé à partir de ", "télécharger outlook",
        "obtenez outlook",
        "enviado desde ", "enviado do meu ", "enviado a partir do ", "enviado via ", "obtener outlook",
        "obter o outlook",
        "inviato da ", "inviato dal ", "ottieni outlook", "scarica outlook", "verzonden vanaf ",
        "verstuurd vanaf ",
        "verzonden via ", "outlook voor ", "skickat från ", "skickades från ", "hämta outlook", "sendt fra ",
        "hent outlook",
        "lähetetty ", "hanki outlook", "wysłane z ", "wysłano z ", "pobierz outlook", "odesláno z ",
        "odoslané z ",
        "отправлено с ", "отправлено из ", "надіслано з ", "iphone'umdan gönderildi", "iphone'dan gönderildi",
        "trimis de pe ",
        "iphoneから送信", "ipadから送信", "从我的", "发自我的", "傳送自我的", "從我的", "나의 iphone", "내 iphone",
        "στάλθηκε από", "nyt fra min", "elküldve: ", "küldve az ",
    ]

    /// `Sent from my iPhone`
    private static func device(_ lines: [Substring]) -> Int? {
        var seen = 0
        for index in lines.indices.reversed() where !lines[index].isBlank {
            seen += 1
            if seen > linesMax { return nil }
            let line = lines[index]
            guard line.utf8.count <= 120 else { continue }
            let lowered = line.drop { $0 == " " || $0 == "*" || $0 == "_" }.lowercased()
            if devices.contains(where: lowered.hasPrefix) { return closing(Array(lines[..<index])) ?? index }
        }
        return nil
    }

    // MARK: Closings

    private static let closings: Set<String> = [
        "best regards", "kind regards", "warm regards", "kindest regards", "warmest regards", "regards",
        "best", "all the best",
        "best wishes", "with best regards", "with kind regards", "sincerely", "yours sincerely",
        "sincerely yours",
        "yours faithfully", "yours truly", "yours", "respectfully", "cordially", "cheers", "thanks",
        "many thanks", "thank you",
        "thanks again", "thanks and regards", "thanks & regards", "thanks and best regards",
        "thank you and best regards",
        "thanks in advance", "thx", "rgds", "br", "kr", "bests", "take care", "talk soon", "warmly",
        "have a great day",
        "mit freundlichen grüßen", "mit freundlichen gruessen", "mit freundlichen grüssen",
        "mit freundlichem gruß",
        "freundliche grüße", "freundliche grüsse", "viele grüße", "viele grüsse", "beste grüße",
        "beste grüsse",
        "liebe grüße", "liebe grüsse", "herzliche grüße", "herzliche grüsse", "schöne grüße", "schöne grüsse",
        "mit besten grüßen", "mit besten grüssen", "mit herzlichen grüßen", "mit lieben grüßen", "gruß",
        "gruss", "grüße",
        "grüsse", "mfg", "vg", "lg", "bg", "danke und gruß", "danke und viele grüße", "vielen dank", "danke",
        "hochachtungsvoll",
        "besten dank", "vielen dank und viele grüße", "vielen dank und beste grüße",
        "cordialement", "bien cordialement", "très cordialement", "bien à vous", "sincèrement", "salutations",
        "merci",
        "meilleures salutations", "sincères salutations", "merci d'avance", "cdlt", "bonne journée",
        "amicalement", "bien à toi",
        "saludos", "un saludo", "saludos cordiales", "un cordial saludo", "atentamente", "cordialmente",
        "gracias",
        "muchas gracias", "cordial saludo", "un abrazo",
        "cordiali saluti", "distinti saluti", "saluti", "un saluto", "grazie", "grazie mille",
        "un cordiale saluto", "a presto",
        "atenciosamente", "cumprimentos", "com os melhores cumprimentos", "melhores cumprimentos", "obrigado",
        "obrigada",
        "abraços", "um abraço", "att", "muito obrigado", "muito obrigada",
        "met vriendelijke groet", "met vriendelijke groeten", "vriendelijke groet", "vriendelijke groeten",
        "groet", "groeten",
        "mvg", "bedankt", "alvast bedankt", "hartelijke groet", "hartelijke groeten",
        "med vänliga hälsningar", "vänliga hälsningar", "med vänlig hälsning", "vänligen", "hälsningar",
        "mvh", "tack",
        "med venlig hilsen", "venlig hilsen", "de bedste hilsner", "bedste hilsner", "hilsen",
        "med vennlig hilsen",
        "vennlig hilsen", "beste hilsen", "tak", "takk", "ystävällisin terveisin", "parhain terveisin",
        "terveisin", "terv",
        "kiitos", "pozdrawiam", "z poważaniem", "pozdrowienia", "z wyrazami szacunku", "dziękuję",
        "s pozdravem", "děkuji",
        "s přátelským pozdravem", "ďakujem", "üdvözlettel", "tisztelettel", "köszönöm", "cu stimă",
        "mulțumesc",
        "с уважением", "с наилучшими пожеланиями", "спасибо", "з повагою", "дякую", "saygılarımla",
        "saygılarımızla",
        "iyi çalışmalar", "teşekkürler", "με εκτίμηση", "ευχαριστώ", "よろしくお願いいたします", "よろしくお願いします",
        "此致", "谢谢", "祝好", "감사합니다", "בברכה", "תודה", "مع التحية", "شكرا",
    ]

    /// A closing on a line of its own, near the end, with something said above it, and a name and short lines below.
    private static func closing(_ lines: [Substring]) -> Int? {
        var below: [Substring] = []
        for index in lines.indices.reversed() where !lines[index].isBlank {
            if below.count > linesMax { return nil }
            let line = lines[index]
            if line.utf8.count <= 60, closings.contains(bare(line)) {
                guard lines[..<index].contains(where: { !$0.isBlank }), isSigned(below.reversed()) else {
                    return nil
                }
                return index
            }
            below.append(line)
        }
        return nil
    }

    private static func bare(_ line: Substring) -> String {
        let ends: Set<Character> = [
            " ", ",", ".", "!", "*", "_", ";", ":", "-", "–", "—", "，", "。", "、", "\t", "’",
        ]
        var text = line.drop { ends.contains($0) }
        while let last = text.last, ends.contains(last) { text = text.dropLast() }
        return text.lowercased()
    }

    /// Whether these could be a name and what stands below one: short lines, the first a few words and no question.
    private static func isSigned(_ lines: [Substring]) -> Bool {
        guard let first = lines.first else { return true }
        let words = first.split(separator: " ").count
        guard first.utf8.count <= 60, words <= 6, let last = first.last, !"?:;".contains(last) else {
            return false
        }
        if last == ".", words > 3 { return false }
        // A sentence below is an afterthought, which is said, too; a disclaimer's is one long line.
        return lines.dropFirst().allSatisfy { line in
            line.utf8.count <= 90 && !line.contains("?") || line.utf8.count > 200
        }
    }
}
