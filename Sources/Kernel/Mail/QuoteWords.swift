/// How mail programs introduce what they quote, in the languages that they speak.
enum QuoteWords {
    enum Label { case from, sent, to, subject, copy }

    // MARK: Attributions

    private static let verbs = [
        "wrote", "schrieb", "geschrieben", "a écrit", "escribió", "escribio", "ha scritto", "scrisse",
        "escreveu",
        "schreef", "geschreven", "skrev", "skreiv", "kirjoitti", "pisze", "napisał", "napisała", "napisał(a)",
        "napisal", "napsal",
        "napsala", "napísal", "írta", "a scris", "yazdı", "написал", "написала", "написал(а)", "пишет",
        "написав", "пише",
        "написа", "έγραψε", "escrigué", "va escriure", "napisao", "napisala", "je napisao/la", "menulis",
        "đã viết",
        "写道", "寫道", "写入", "のメール", "書きました", "작성", "작성함", "כתב", "כתבה", "كتب", "เขียนว่า", "rašė", "rakstīja",
        "kirjutas", "skrifaði",
    ]
    private static let openings = [
        "on ", "am ", "le ", "el ", "il ", "em ", "op ", "w dniu ", "den ", "dne ", "dňa ", "în ", "pe ",
        "tarihinde ",
        "στις ", "dana ", "a ", "vào ", "pada ", "ב", "في ", "yn ", "dia ", "da: ", "no dia ", "il giorno ",
        "il ",
        "lun", "mar", "mer", "jeu", "ven", "sam", "dim", "mon", "tue", "wed", "thu", "fri", "sat", "sun",
        "mo.", "di.",
    ]

    /// A colon of any script, with nothing behind it.
    static func endsWithColon(_ line: Substring) -> Bool {
        let bare = line.utf8.reversed().drop {
            $0 <= 0x20 || $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "_")
        }
        return bare.first == UInt8(ascii: ":") || bare.starts(with: "：".utf8.reversed())
    }

    static func beginsAttribution(_ text: String) -> Bool {
        let lowered = text.prefix(20).lowercased()
        let bare = lowered.drop { $0 == " " || $0 == "-" || $0 == "*" }
        return openings.contains(where: bare.hasPrefix) || bare.first?.isNumber == true
    }

    /// Whether a line that ends with a colon says who wrote what follows. `She wrote:` alone does not, unless
    /// quoted lines follow.
    static func isAttribution(_ text: String, isBeforeQuote: Bool) -> Bool {
        let lowered = text.lowercased()
        // Some languages have no verb: "14 Nov 2023 22:13 Jane <jane@example.com>:"
        let isBare = lowered.contains("@") && (lowered.contains(">:") || lowered.contains(">："))
        let hasVerb = verbs.contains { contains(lowered, word: $0) }
        guard hasVerb || isBare else { return false }
        if isBeforeQuote { return true }
        return hasYear(lowered) || hasTime(lowered) || (isBare && hasVerb)
            || (hasVerb && lowered.contains("@"))
    }

    /// Not in the middle of another word, where the script has words.
    private static func contains(_ text: String, word: String) -> Bool {
        var rest = text[...]
        while let range = rest.firstRange(of: word) {
            let before = text[..<range.lowerBound].unicodeScalars.last,
                after = text[range.upperBound...].unicodeScalars.first
            let isSpelled = word.utf8.first.map { $0 < 0x80 } ?? false
            if !isSpelled
                || !(before?.properties.isAlphabetic ?? false) && !(after?.properties.isAlphabetic ?? false)
            {
                return true
            }
            rest = rest[range.upperBound...]
        }
        return false
    }

    private static func hasYear(_ text: String) -> Bool {
        text.utf8.split { !(0x30...0x39).contains($0) }.contains { digits in
            digits.count == 4 && (digits.starts(with: "19".utf8) || digits.starts(with: "20".utf8))
        }
    }

    /// `22:13`, `22.13`
    private static func hasTime(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        func isDigit(_ index: Int) -> Bool {
            bytes.indices.contains(index) && (0x30...0x39).contains(bytes[index])
        }
        return bytes.indices.contains { index in
            (bytes[index] == UInt8(ascii: ":") || bytes[index] == UInt8(ascii: "."))
                && isDigit(index - 1) && isDigit(index + 1) && isDigit(index + 2) && !isDigit(index + 3)
        }
    }

    // MARK: Separators

    private static let originals = [
        "original message", "forwarded message", "ursprüngliche nachricht", "originalnachricht",
        "original-nachricht",
        "urspruengliche nachricht", "weitergeleitete nachricht", "original-mail", "message d'origine",
        "message original",
        "message transféré", "message initial", "mensaje original", "mensaje reenviado",
        "messaggio originale",
        "messaggio inoltrato", "mensagem original", "mensagem encaminhada", "oorspronkelijk bericht",
        "doorgestuurd bericht",
        "ursprungligt meddelande", "originalmeddelande", "opprinnelig melding", "oprindelig meddelelse",
        "alkuperäinen viesti", "wiadomość oryginalna", "oryginalna wiadomość", "wiadomość przekazana",
        "původní zpráva",
        "pôvodná správa", "eredeti üzenet", "mesajul original", "исходное сообщение",
        "оригинальное сообщение",
        "пересылаемое сообщение", "оригінальне повідомлення", "özgün ileti", "orijinal mesaj",
        "αρχικό μήνυμα",
        "元のメッセージ", "原始邮件", "原始郵件", "转发的邮件", "원본 메시지", "הודעה מקורית", "الرسالة الأصلية",
        "reply message", "reply above this line", "antwort oberhalb dieser zeile",
    ]
    private static let forwards = [
        "begin forwarded message:", "anfang der weitergeleiteten nachricht:", "début du message réexpédié :",
        "début du message transféré :", "inizio messaggio inoltrato:", "inicio del mensaje reenviado:",
        "begin doorgestuurd bericht:", "vidarebefordrat brev:",
    ]

    /// `-----Original Message-----`
    static func isSeparator(_ line: Substring) -> Bool {
        let bare = line.drop { $0 == " " || $0 == "*" }
        guard line.utf8.count <= 160, let first = bare.first else { return false }
        if first == "-" || first == "_" || first == "=" || first == "#" {
            guard bare.utf8.dropFirst().first == bare.utf8.first else { return false }
            let lowered = bare.lowercased()
            return originals.contains(where: lowered.contains)
        }
        guard endsWithColon(line) else { return false }
        let lowered = bare.lowercased()
        return forwards.contains(where: lowered.hasPrefix)
    }

    // MARK: Labels of headers

    private static let labels: [String: Label] = {
        let words: [(Label, String)] = [
            (
                .from,
                "from von de da van från fra lähettäjä od feladó от від kimden gönderen mittente remitente expéditeur afzender "
                    + "发件人 發件人 寄件者 差出人 from送信者 보낸사람 από מאת من от: nadawca odesílatel avsändare exp"
            ),
            (
                .sent,
                "sent date gesendet datum envoyé enviado fecha inviato data verzonden skickat skickades sendt dato lähetetty "
                    + "päivämäärä wysłano odesláno odoslané elküldve dátum дата отправлено надіслано gönderildi gönderilmetarihi "
                    + "tarih 发送时间 日期 寄件日期 傳送時間 時間 送信日時 日時 보낸날짜 날짜 στάλθηκε ημερομηνία trimis נשלח تاريخ تمالإرسال"
            ),
            (
                .to,
                "to an à a para aan till til vastaanottaja do komu címzett кому kime alıcı destinataire destinatario "
                    + "收件人 收件者 宛先 받는사람 προς către אל إلى ai"
            ),
            (
                .subject,
                "subject betreff objet sujet asunto oggetto assunto onderwerp ämne emne aihe temat předmět predmet tárgy тема konu "
                    + "主题 主旨 主題 件名 제목 θέμα subiect נושא الموضوع"
            ),
            (.copy, "cc kopie copie kopia copia kopi dw másolat копия bilgi 抄送 副本 참조"),
        ]
        var labels: [String: Label] = [:]
        for (label, list) in words { for word in list.split(separator: " ") { labels[String(word)] = label } }
        return labels
    }()

    /// What header a line is; bold marks and blanks around the label do not count.
    static func label(of line: Substring) -> Label? {
        var name = "", length = 0
        for scalar in line.unicodeScalars {
            if scalar == ":" || scalar == "：" { return labels[name.lowercased()] }
            length += 1
            if length > 40 { return nil }
            if scalar == "*" || scalar == "_" || scalar == " " || scalar == "\u{3000}" { continue }
            name.unicodeScalars.append(scalar)
        }
        return nil
    }
}
