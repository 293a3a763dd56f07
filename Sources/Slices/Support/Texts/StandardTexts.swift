internal import Messaging

/// What support writes by itself where an agency has no template of the kind.
extension StandardText {
    static let support: [StandardText] = [acknowledgement, answer, delay, survey]

    static let acknowledgement = StandardText(
        .ticketAcknowledgement,
        [
            Wording(
                "en", subject: "We have your request ({{ ticket.number }})",
                body: """
                    Hello{% if contact.name %} {{ contact.name }}{% endif %},

                    We have your request “{{ ticket.subject }}”. Its number is {{ ticket.number }}; answer this mail to \
                    add to it.

                    {% if incident.title %}
                    We know of this already: {{ incident.text }}
                    {% if incident.expected_at %}It should be over by {{ incident.expected_at | date: "long" }}, \
                    {{ incident.expected_at | time }} ({{ agency.time_zone }}).{% endif %} You hear from us as soon as it is.
                    {% endif %}
                    {% if ticket.due_at %}
                    You hear from us by {{ ticket.due_at | date: "long" }}, {{ ticket.due_at | time }} \
                    ({{ agency.time_zone }}).
                    {% endif %}
                    """),
            Wording(
                "de", subject: "Ihre Anfrage ist da ({{ ticket.number }})",
                body: """
                    Guten Tag{% if contact.name %} {{ contact.name }}{% endif %},

                    Ihre Anfrage „{{ ticket.subject }}“ ist bei uns. Sie hat die Nummer {{ ticket.number }}; antworten \
                    Sie auf diese Mail, um etwas hinzuzufügen.

                    {% if incident.title %}
                    Das ist uns schon bekannt: {{ incident.text }}
                    {% if incident.expected_at %}Es sollte bis {{ incident.expected_at | date: "long" }}, \
                    {{ incident.expected_at | time }} Uhr ({{ agency.time_zone }}) vorbei sein.{% endif %} Sie hören von \
                    uns, sobald es so ist.
                    {% endif %}
                    {% if ticket.due_at %}
                    Sie hören von uns bis {{ ticket.due_at | date: "long" }}, {{ ticket.due_at | time }} Uhr \
                    ({{ agency.time_zone }}).
                    {% endif %}
                    """),
        ])

    static let answer = StandardText(
        .ticketAnswer,
        [
            Wording(
                "en", subject: "Re: {{ ticket.subject }}",
                body: """
                    Hello{% if contact.name %} {{ contact.name }}{% endif %},

                    About your request “{{ ticket.subject }}” (number {{ ticket.number }}), our help pages say:

                    {{ answer.passage }}

                    The whole article: [{{ answer.title }}]({{ answer.url }})

                    Does that solve it? Then a short “yes” is enough. If not, just answer and say what is missing, or \
                    that you want to speak to a person: a person then takes over. If we hear nothing for \
                    {{ answer.silence_days }} days, we close the request; an answer opens it again.

                    This answer was found automatically.

                    {{ agency.name }}
                    """),
            Wording(
                "de", subject: "Re: {{ ticket.subject }}",
                body: """
                    Guten Tag{% if contact.name %} {{ contact.name }}{% endif %},

                    zu Ihrer Anfrage „{{ ticket.subject }}“ (Nummer {{ ticket.number }}) steht in unserer Hilfe:

                    {{ answer.passage }}

                    Der ganze Artikel: [{{ answer.title }}]({{ answer.url }})

                    Ist es damit gelöst? Dann genügt ein kurzes „Ja“. Wenn nicht, antworten Sie einfach, was fehlt, \
                    oder dass Sie mit einem Menschen sprechen möchten: Dann übernimmt ein Mensch. Hören wir \
                    {{ answer.silence_days }} Tage nichts, schließen wir die Anfrage; eine Antwort öffnet sie wieder.

                    Diese Antwort wurde automatisch gefunden.

                    {{ agency.name }}
                    """),
        ])

    static let delay = StandardText(
        .ticketDelay,
        [
            Wording(
                "en", subject: "Your request takes longer",
                body: """
                    Hello{% if contact.name %} {{ contact.name }}{% endif %},

                    Your request “{{ ticket.subject }}” (number {{ ticket.number }}) takes longer than we had promised. \
                    We are sorry. It now lies with those who can decide about it, and you hear from us as soon as there \
                    is news. Answer this mail if something has changed.
                    """),
            Wording(
                "de", subject: "Ihre Anfrage dauert länger",
                body: """
                    Guten Tag{% if contact.name %} {{ contact.name }}{% endif %},

                    Ihre Anfrage „{{ ticket.subject }}“ (Nummer {{ ticket.number }}) dauert länger, als wir zugesagt \
                    hatten. Das tut uns leid. Sie liegt jetzt bei denen, die darüber entscheiden können, und Sie hören \
                    von uns, sobald es etwas Neues gibt. Antworten Sie auf diese Mail, wenn sich etwas geändert hat.
                    """),
        ])

    static let survey = StandardText(
        .surveyInvitation,
        [
            Wording(
                "en", subject: "{{ survey.question }}",
                body: """
                    Hello{% if contact.name %} {{ contact.name }}{% endif %},

                    {{ survey.question }}

                    [Answer with one click]({{ survey.url }})

                    It takes less than a minute, and somebody reads every answer.

                    {{ agency.name }}
                    """),
            Wording(
                "de", subject: "{{ survey.question }}",
                body: """
                    Guten Tag{% if contact.name %} {{ contact.name }}{% endif %},

                    {{ survey.question }}

                    [Mit einem Klick antworten]({{ survey.url }})

                    Es dauert keine Minute, und jede Antwort wird gelesen.

                    {{ agency.name }}
                    """),
        ])
}
