internal import Database
internal import Intelligence
internal import Messaging
internal import Platform
internal import Records
internal import Runtime

/// What agents say of themselves in a conversation: few sentences, in the agency's words or in the languages that they
/// have.
struct BotWords: Sendable {
    private let language: String?
    private let own: [AgentWording]
    private let agency: String

    /// `language` is ISO 639-1; English for whatever there are no words in.
    init(_ language: String?, own: [AgentWording] = [], agency: String = "") {
        self.language = language
        let inIt = own.filter { $0.language == language }
        self.own = inIt + own.filter { $0.language == nil }
        self.agency = agency
    }

    private func pick(_ english: String, _ german: String, _ french: String, _ spanish: String) -> String {
        switch language {
        case "de": german
        case "fr": french
        case "es": spanish
        default: english
        }
    }

    private func said(
        _ occasion: AgentWording.Occasion, _ values: [String: String] = [:], or standard: String
    ) -> String {
        guard let wording = own.first(where: { $0.occasion == occasion }) else { return standard }
        return FilledText(wording.text).written(values.merging(["agency": agency]) { value, _ in value })
    }

    func politeness(_ talk: SmallTalk, name: String?) -> String {
        let first = name.flatMap { $0.split(separator: " ").first }.map(String.init)
        let occasion: AgentWording.Occasion =
            switch talk {
            case .greeting: .greeting
            case .thanks: .thanks
            case .farewell: .farewell
            case .acknowledgement: .acknowledgement
            }
        return said(occasion, ["name": first ?? ""], or: standard(talk, first))
    }

    private func standard(_ talk: SmallTalk, _ name: String?) -> String {
        let whom = name.map { " \($0)" } ?? ""
        return switch talk {
        case .greeting:
            pick(
                "Hello\(whom)! How can I help you?", "Guten Tag\(whom)! Wie kann ich Ihnen helfen?",
                "Bonjour\(whom) ! Comment puis-je vous aider ?", "¡Hola\(whom)! ¿En qué puedo ayudarle?")
        case .thanks:
            pick(
                "You are welcome! Is there anything else?",
                "Gern geschehen! Kann ich sonst noch etwas für Sie tun?",
                "Avec plaisir ! Puis-je faire autre chose pour vous ?",
                "¡De nada! ¿Puedo ayudarle en algo más?")
        case .farewell:
            pick("Goodbye\(whom)!", "Auf Wiedersehen\(whom)!", "Au revoir\(whom) !", "¡Hasta luego\(whom)!")
        case .acknowledgement:
            pick(
                "Good. Write whenever there is something else.",
                "Gut. Schreiben Sie, sobald noch etwas ist.",
                "Bien. Écrivez dès qu'il y a autre chose.",
                "Bien. Escriba cuando haya algo más.")
        }
    }

    /// A passage of what is written down, where it stands, and the way to a person.
    func answer(_ passage: String, from title: String) -> String {
        said(
            .answer, ["passage": passage, "title": title],
            or: passage + "\n\n"
                + pick(
                    "From: \(title). If this does not answer it, write “person”, and a colleague takes over.",
                    "Aus: \(title). Beantwortet das Ihre Frage nicht, schreiben Sie „Mitarbeiter“, und jemand übernimmt.",
                    "Source : \(title). Si cela ne répond pas à votre question, écrivez « personne », et quelqu'un prend le relais.",
                    "Fuente: \(title). Si esto no responde a su pregunta, escriba «persona», y alguien se hará cargo."
                ))
    }

    /// Asks which of one or two articles, by their titles, is meant.
    func choice(of titles: [String]) -> String {
        let list = titles.enumerated().map { "\($0 + 1). \($1)" }.joined(separator: "\n")
        return pick(
            "I am not sure that I know this. Is it one of these?\n\n\(list)\n\nWrite its number, or “person” for a colleague.",
            "Ich bin nicht sicher, ob ich das weiß. Meinen Sie eines davon?\n\n\(list)\n\nSchreiben Sie die Nummer, oder „Mitarbeiter“ für jemanden aus dem Team.",
            "Je ne suis pas sûr de connaître la réponse. S'agit-il de l'un de ces sujets ?\n\n\(list)\n\nÉcrivez son numéro, ou « personne » pour parler à quelqu'un.",
            "No estoy seguro de saberlo. ¿Se trata de uno de estos temas?\n\n\(list)\n\nEscriba su número, o «persona» para hablar con alguien."
        )
    }

    func understood(_ known: UnderstoodNeeds) -> String {
        let noted = known.understood.joined(separator: ", ")
        let thanks = pick(
            "Thank you, I have noted: \(noted).", "Danke, ich habe notiert: \(noted).",
            "Merci, j'ai noté : \(noted).", "Gracias, he anotado: \(noted).")
        let next =
            switch known.missing {
            case .address:
                pick(
                    "By which e-mail address or telephone number can we reach you?",
                    "Unter welcher E-Mail-Adresse oder Telefonnummer erreichen wir Sie?",
                    "À quelle adresse e-mail ou à quel numéro pouvons-nous vous joindre ?",
                    "¿En qué correo o teléfono podemos localizarle?")
            case .budget:
                pick(
                    "Which monthly budget do you have in mind?",
                    "An welches Budget im Monat denken Sie?",
                    "À quel budget mensuel pensez-vous ?", "¿En qué presupuesto mensual ha pensado?")
            case .timeline:
                pick(
                    "When would you like to start?", "Wann möchten Sie anfangen?",
                    "Quand souhaitez-vous commencer ?", "¿Cuándo le gustaría empezar?")
            case .authority:
                pick(
                    "Who else decides about it on your side?", "Wer entscheidet bei Ihnen noch darüber?",
                    "Qui d'autre en décide chez vous ?", "¿Quién más lo decide por su parte?")
            case nil:
                pick(
                    "A colleague will come back to you with it.",
                    "Jemand von uns meldet sich damit bei Ihnen.",
                    "L'un de nous reviendra vers vous.", "Alguien del equipo le responderá.")
            }
        return "\(thanks) \(next)"
    }

    func handedOver(_ reason: HandoverReason) -> String {
        let occasion: AgentWording.Occasion =
            switch reason {
            case .unknownAnswer: .unknownAnswer
            case .frustration, .repeatedFailure: .frustration
            default: .askedForHuman
            }
        return said(occasion, or: standard(reason))
    }

    private func standard(_ reason: HandoverReason) -> String {
        switch reason {
        case .unknownAnswer:
            pick(
                "I do not know that for certain, and will not guess. I have asked a colleague, who will answer you here.",
                "Das weiß ich nicht sicher, und ich möchte nicht raten. Ich habe eine Kollegin oder einen Kollegen gebeten, Ihnen hier zu antworten.",
                "Je ne le sais pas avec certitude, et je ne veux pas deviner. J'ai demandé à quelqu'un de l'équipe de vous répondre ici.",
                "No lo sé con certeza y no quiero adivinar. He pedido a alguien del equipo que le responda aquí."
            )
        case .frustration, .repeatedFailure:
            pick(
                "I am sorry that this has not worked. I have asked a colleague to take over; they will answer you here.",
                "Es tut mir leid, dass das nicht geklappt hat. Ich habe jemanden aus dem Team gebeten zu übernehmen; die Antwort kommt hier.",
                "Je suis désolé que cela n'ait pas fonctionné. J'ai demandé à quelqu'un de prendre le relais ; la réponse arrive ici.",
                "Siento que no haya funcionado. He pedido a alguien del equipo que se haga cargo; la respuesta llegará aquí."
            )
        default:
            pick(
                "Of course. I have asked a colleague, who will answer you here.",
                "Natürlich. Ich habe jemanden aus dem Team gebeten, Ihnen hier zu antworten.",
                "Bien sûr. J'ai demandé à quelqu'un de l'équipe de vous répondre ici.",
                "Por supuesto. He pedido a alguien del equipo que le responda aquí.")
        }
    }

    /// To somebody who has waited for a while.
    var stillWaiting: String {
        said(
            .stillWaiting,
            or: pick(
                "You have not been forgotten: we are still looking for a free colleague. They will answer you here.",
                "Sie sind nicht vergessen: Wir suchen noch jemanden, der frei ist. Die Antwort kommt hier.",
                "Nous ne vous oublions pas : nous cherchons encore quelqu'un de libre. La réponse arrive ici.",
                "No nos hemos olvidado: seguimos buscando a alguien libre. La respuesta llegará aquí."))
    }

    /// Nobody has come; the agent does what it can.
    var backAgain: String {
        said(
            .backAgain,
            or: pick(
                "I am sorry, nobody is free yet. Your request stays with my colleagues; meanwhile I help as far as I can.",
                "Es tut mir leid, noch ist niemand frei. Ihr Anliegen bleibt bei meinen Kollegen; bis dahin helfe ich, soweit ich kann.",
                "Je suis désolé, personne n'est encore libre. Votre demande reste auprès de mes collègues ; d'ici là, je vous aide autant que possible.",
                "Lo siento, aún no hay nadie libre. Su petición sigue con mis compañeros; mientras tanto le ayudo en lo que pueda."
            ))
    }

    /// Where the agency has no page to book a call on.
    var callBack: String {
        said(
            .callBack,
            or: pick(
                "We are sorry that you have been waiting: all our specialists are busy. Write us a telephone number and a time, and a senior specialist calls you for 15 minutes.",
                "Es tut uns leid, dass Sie warten: Alle unsere Fachleute sind gerade im Gespräch. Schreiben Sie uns eine Telefonnummer und eine Uhrzeit, und jemand, der sich auskennt, ruft Sie für 15 Minuten an.",
                "Nous sommes désolés de cette attente : tous nos spécialistes sont occupés. Écrivez-nous un numéro et une heure, et un spécialiste vous appelle pendant 15 minutes.",
                "Sentimos la espera: todos nuestros especialistas están ocupados. Escríbanos un teléfono y una hora, y un especialista le llamará durante 15 minutos."
            ))
    }
}

extension ConversationServices {
    /// What agents say in a language, as the agency has it.
    func words(_ language: String?, in reader: some Queryable) throws -> BotWords {
        let agent = PrimaryAgent(self)
        let settings = agent.settings(from: try reader.publishedConfiguration(agent).values).settings
        return BotWords(language, own: settings.words.list, agency: try reader.ownTenant().name)
    }
}
