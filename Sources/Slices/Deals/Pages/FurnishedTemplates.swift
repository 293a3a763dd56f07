internal import Database
internal import Messaging
internal import Records
internal import Runtime

/// The words with which proposals and contracts go out, and what contracts say, in English and in German. An agency
/// changes them as it likes.
extension Transaction {
    func furnishSellingTemplates() throws {
        for furnished in furnishedTemplates {
            let english = try furnish(furnished, furnished.english, locale: "en", variantOf: nil)
            _ = try furnish(furnished, furnished.german, locale: "de", variantOf: english)
            for (locale, words) in furnished.others {
                _ = try furnish(furnished, words, locale: locale, variantOf: english)
            }
        }
    }

    private func furnish(
        _ furnished: FurnishedTemplate, _ words: (subject: String, body: String), locale: String,
        variantOf: ID<MessageTemplate>?
    ) throws -> ID<MessageTemplate> {
        var template = MessageTemplate.new(id: nextID(), now: now)
        template.name = locale == "en" ? furnished.name : "\(furnished.name) (\(locale))"
        (template.kind, template.locale, template.variantOf) = (furnished.kind, locale, variantOf)
        (template.subject, template.body) = (words.subject, words.body)
        try template.prepare(replacing: nil, by: .system, in: self)
        try MessageTemplate.resource.insert(&template, in: self)
        try template.saved(replacing: nil, by: .system, in: self)
        return template.id
    }
}

private struct FurnishedTemplate {
    let name: String, kind: String
    let english: (subject: String, body: String), german: (subject: String, body: String)
    /// The texts in other languages, by locale: a mail is answered in its own language.
    var others: [(locale: String, words: (subject: String, body: String))] = []
}

private let furnishedTemplates = [
    FurnishedTemplate(
        name: "Proposal", kind: "proposal",
        english: (
            "{{ proposal.title }}",
            """
            Hello {{ contact.name | first_name | default: "there" }},

            here is what we would do for you, and what it costs:

            [Read the proposal]({{ proposal.url }})

            You can accept it there; it is valid until {{ proposal.valid_until | date: "long" }}. If something is \
            missing, answer this mail.

            {{ sender.name }}
            """
        ),
        german: (
            "{{ proposal.title }}",
            """
            Guten Tag {{ contact.name | default: "" }},

            hier steht, was wir für Sie tun würden und was es kostet:

            [Zum Angebot]({{ proposal.url }})

            Sie können es dort annehmen; es gilt bis {{ proposal.valid_until | date: "long" }}. Wenn etwas fehlt, \
            antworten Sie auf diese Mail.

            {{ sender.name }}
            """
        )),
    FurnishedTemplate(
        name: "Contract", kind: "contract",
        english: (
            "{{ contract.title }}",
            """
            Hello {{ contact.name | first_name | default: "there" }},

            here is our contract, as we agreed:

            [Read and sign the contract]({{ contract.url }})

            You sign it there with your name. Questions are welcome: answer this mail.

            {{ sender.name }}
            """
        ),
        german: (
            "{{ contract.title }}",
            """
            Guten Tag {{ contact.name | default: "" }},

            hier ist unser Vertrag, wie besprochen:

            [Vertrag lesen und unterschreiben]({{ contract.url }})

            Sie unterschreiben ihn dort mit Ihrem Namen. Bei Fragen antworten Sie auf diese Mail.

            {{ sender.name }}
            """
        )),
    FurnishedTemplate(
        name: "Terms of a contract", kind: "contract_terms",
        english: (
            "Agreement on services for {{ contract.client }}",
            """
            ## 1. Parties

            {{ agency.name }} (“the agency”) and {{ contract.client }} (“the client”).

            ## 2. Services

            From {{ contract.start }} on, the agency provides the services that this contract lists, with the care of \
            its trade and at the service levels stated below.

            ## 3. Price

            {% if contract.price %}The client pays {{ contract.price }} a month, in advance, against an \
            invoice. {% endif %}{% if contract.one_off %}{{ contract.one_off }} is due once, against an invoice that \
            comes with the signature. {% endif %}Media spend and licences of third parties are not included.

            ## 4. Term and notice

            {% if contract.months %}The contract runs for {{ contract.months }} months, and then goes on from month to \
            month.{% else %}The contract runs until one of the parties ends it.{% endif %} Either party may end it in \
            writing with {{ contract.notice_days }} days of notice to the end of a month.

            ## 5. Working together

            The client gives access, material and answers in time. What the agency makes for the client is the \
            client's once it is paid for.

            ## 6. Confidentiality and data

            Each party keeps what it learns of the other to itself, and treats personal data as the law says.

            ## 7. Other

            Changes are made in writing. Where a clause does not hold, the others do.
            """
        ),
        german: (
            "Dienstleistungsvertrag mit {{ contract.client }}",
            """
            ## 1. Parteien

            {{ agency.name }} („die Agentur“) und {{ contract.client }} („der Kunde“).

            ## 2. Leistungen

            Ab dem {{ contract.start }} erbringt die Agentur die in diesem Vertrag aufgeführten Leistungen, mit der \
            Sorgfalt ihres Fachs und in der unten zugesagten Güte.

            ## 3. Preis

            {% if contract.price %}Der Kunde zahlt {{ contract.price }} im Monat, im Voraus, auf Rechnung. \
            {% endif %}{% if contract.one_off %}{{ contract.one_off }} wird einmalig fällig, auf eine Rechnung, die mit \
            der Unterschrift kommt. {% endif %}Mediakosten und Lizenzen Dritter sind nicht enthalten.

            ## 4. Laufzeit und Kündigung

            {% if contract.months %}Der Vertrag läuft {{ contract.months }} Monate und danach von Monat zu Monat \
            weiter.{% else %}Der Vertrag läuft, bis eine Partei ihn kündigt.{% endif %} Jede Partei kann ihn schriftlich \
            mit einer Frist von {{ contract.notice_days }} Tagen zum Monatsende kündigen.

            ## 5. Zusammenarbeit

            Der Kunde stellt Zugänge, Material und Antworten rechtzeitig bereit. Was die Agentur für den Kunden \
            schafft, gehört ihm, sobald es bezahlt ist.

            ## 6. Vertraulichkeit und Daten

            Jede Partei behält für sich, was sie von der anderen erfährt, und behandelt personenbezogene Daten nach dem \
            Gesetz.

            ## 7. Sonstiges

            Änderungen bedürfen der Schriftform. Ist eine Klausel unwirksam, gelten die anderen weiter.
            """
        )),
    FurnishedTemplate(
        name: "Questions before a proposal", kind: "needs_assessment",
        english: (
            "A few questions about {{ lead.company }}",
            """
            Hello {{ contact.name | first_name | default: "there" }},

            thank you, that helps. So that we propose what fits you, could you tell us:

            {% for question in deal.questions %}
            - {{ question }}
            {% endfor %}

            A line to each is plenty.

            {{ sender.name }}
            """
        ),
        german: (
            "Ein paar Fragen zu {{ lead.company }}",
            """
            Guten Tag {{ contact.name | default: "" }},

            vielen Dank, das hilft uns weiter. Damit unser Vorschlag zu Ihnen passt:

            {% for question in deal.questions %}
            - {{ question }}
            {% endfor %}

            Jeweils ein Satz genügt.

            {{ sender.name }}
            """
        ),
        others: [
            (
                "fr",
                (
                    "Quelques questions sur {{ lead.company }}",
                    """
                    Bonjour {{ contact.name | default: "" }},

                    merci, cela nous aide. Pour que notre proposition vous convienne :

                    {% for question in deal.questions %}
                    - {{ question }}
                    {% endfor %}

                    Une phrase par question suffit.

                    {{ sender.name }}
                    """
                )
            ),
            (
                "es",
                (
                    "Unas preguntas sobre {{ lead.company }}",
                    """
                    Hola {{ contact.name | first_name | default: "" }}:

                    Gracias, eso ayuda. Para que nuestra propuesta encaje con ustedes:

                    {% for question in deal.questions %}
                    - {{ question }}
                    {% endfor %}

                    Con una frase por pregunta basta.

                    {{ sender.name }}
                    """
                )
            ),
        ]),
    FurnishedTemplate(
        name: "What it costs", kind: "price_answer",
        english: (
            "What it costs",
            """
            Hello {{ contact.name | first_name | default: "there" }},

            gladly. These are our packages, each a month:

            {% for package in deal.packages %}
            - {{ package.name }}: {{ package.price | money }}
            {% endfor %}

            Which one fits depends on what you want to reach. What would you like to be different in half a year, and
            roughly which budget have you set aside for it?

            {{ sender.name }}
            """
        ),
        german: (
            "Was es kostet",
            """
            Guten Tag {{ contact.name | default: "" }},

            gern. Das sind unsere Pakete, jeweils im Monat:

            {% for package in deal.packages %}
            - {{ package.name }}: {{ package.price | money }}
            {% endfor %}

            Welches passt, hängt davon ab, was Sie erreichen möchten. Was soll in einem halben Jahr anders sein, und
            welches Budget haben Sie dafür ungefähr vorgesehen?

            {{ sender.name }}
            """
        ),
        others: [
            (
                "fr",
                (
                    "Ce que cela coûte",
                    """
                    Bonjour {{ contact.name | default: "" }},

                    volontiers. Voici nos formules, par mois :

                    {% for package in deal.packages %}
                    - {{ package.name }} : {{ package.price | money }}
                    {% endfor %}

                    Laquelle convient dépend de votre but. Qu'aimeriez-vous voir changer dans six mois, et quel budget avez-vous prévu, à
                    peu près ?

                    {{ sender.name }}
                    """
                )
            ),
            (
                "es",
                (
                    "Lo que cuesta",
                    """
                    Hola {{ contact.name | first_name | default: "" }}:

                    Con gusto. Estos son nuestros paquetes, al mes:

                    {% for package in deal.packages %}
                    - {{ package.name }}: {{ package.price | money }}
                    {% endfor %}

                    Cuál encaja depende de lo que quieran lograr. ¿Qué les gustaría que fuera distinto dentro de medio año, y qué presupuesto
                    tienen previsto, más o menos?

                    {{ sender.name }}
                    """
                )
            ),
        ]),
    FurnishedTemplate(
        name: "A reminder", kind: "sales_follow_up",
        english: (
            "{% if proposal.title %}{{ proposal.title }}{% else %}Our questions about {{ lead.company }}{% endif %}",
            """
            Hello {{ contact.name | first_name | default: "there" }},

            {% if proposal.url %}
            did you find the time to look at our proposal? It is still here:

            [{{ proposal.title | default: "The proposal" }}]({{ proposal.url }})

            If something in it does not fit, tell us what, and we change it.
            {% else %}
            did you find the time to think about our questions? With your answers we can propose something that fits.
            {% endif %}

            {{ sender.name }}
            """
        ),
        german: (
            "{% if proposal.title %}{{ proposal.title }}{% else %}Unsere Fragen zu {{ lead.company }}{% endif %}",
            """
            Guten Tag {{ contact.name | default: "" }},

            {% if proposal.url %}
            hatten Sie Gelegenheit, unser Angebot anzusehen? Es liegt hier:

            [{{ proposal.title | default: "Das Angebot" }}]({{ proposal.url }})

            Wenn etwas nicht passt, sagen Sie uns, was; dann ändern wir es.
            {% else %}
            hatten Sie Gelegenheit, über unsere Fragen nachzudenken? Mit Ihren Antworten können wir etwas Passendes
            vorschlagen.
            {% endif %}

            {{ sender.name }}
            """
        )),
]
