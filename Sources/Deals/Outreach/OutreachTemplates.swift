/// The mails of the sequence that a new agency gets, to be changed at will: short, about the reader, each with one
/// question, none with a promise that the agency has not made itself.
struct OutreachTemplate: Sendable {
    struct Words: Sendable { let subject: String, body: String }

    let name: String
    let english: Words, german: Words

    static let all = [
        OutreachTemplate(
            name: "Outreach 1: a question",
            english: Words(
                subject: "A question about {{ lead.company }}",
                body: """
                    Hi {{ lead.contact_name | first_name | default: "there" }},

                    {% if lead.pain_points %}
                    I read that {{ lead.company }} is working on this: {{ lead.pain_points | first }}. It is what we \
                    spend most of our time on here.
                    {% else %}
                    I came across {{ lead.company }} while looking at {{ lead.industry | default: "companies like yours" }}, \
                    and wondered how you win new customers today.
                    {% endif %}

                    I am with {{ agency.name }}. We plan and run marketing for companies that have no time to do it \
                    all themselves.

                    Is that of interest at the moment, or is somebody else the right person to ask?

                    Best regards
                    {{ sender.name }}
                    """),
            german: Words(
                subject: "Eine Frage zu {{ lead.company }}",
                body: """
                    Guten Tag{% if lead.contact_name %} {{ lead.contact_name }}{% endif %},

                    {% if lead.pain_points %}
                    ich habe gelesen, dass Sie bei {{ lead.company }} gerade daran arbeiten: \
                    {{ lead.pain_points | first }}. Genau damit beschäftigen wir uns.
                    {% else %}
                    ich bin auf {{ lead.company }} gestoßen und habe mich gefragt, wie Sie heute neue Kunden gewinnen.
                    {% endif %}

                    Ich bin bei {{ agency.name }}. Wir planen und betreiben Marketing für Unternehmen, die nicht alles \
                    selbst machen können.

                    Ist das gerade ein Thema für Sie, oder sollte ich jemand anderen fragen?

                    Mit freundlichen Grüßen
                    {{ sender.name }}
                    """)),
        OutreachTemplate(
            name: "Outreach 2: a second thought",
            english: Words(
                subject: "One more thought for {{ lead.company }}",
                body: """
                    Hi {{ lead.contact_name | first_name | default: "there" }},

                    I know that such mails come at the wrong moment more often than not, so only this: if you could \
                    change one thing about how new customers find {{ lead.company }}, what would it be?

                    One line is enough. I answer with what I would try first, and you may use it without us.

                    Best regards
                    {{ sender.name }}
                    """),
            german: Words(
                subject: "Noch ein Gedanke zu {{ lead.company }}",
                body: """
                    Guten Tag{% if lead.contact_name %} {{ lead.contact_name }}{% endif %},

                    solche Mails kommen meist im falschen Moment, deshalb nur eine Frage: Wenn Sie eines daran ändern \
                    könnten, wie neue Kunden zu {{ lead.company }} finden, was wäre das?

                    Eine Zeile genügt. Ich antworte mit dem, was ich zuerst versuchen würde; Sie können es auch ohne uns \
                    umsetzen.

                    Mit freundlichen Grüßen
                    {{ sender.name }}
                    """)),
        OutreachTemplate(
            name: "Outreach 4: what we would look at",
            english: Words(
                subject: "What I would look at first at {{ lead.company }}",
                body: """
                    Hi {{ lead.contact_name | first_name | default: "there" }},

                    When we begin with somebody we look at three things before anything else:

                    - which of the present customers are worth most, and where they came from;
                    - what somebody finds who looks for your kind of offer, and does not know you;
                    - what happens in the first hour after somebody has asked.

                    The third is where most is lost, and it is the cheapest to mend.

                    Shall I write down what I see from the outside for {{ lead.company }}? It costs you nothing.

                    Best regards
                    {{ sender.name }}
                    """),
            german: Words(
                subject: "Was ich mir bei {{ lead.company }} zuerst ansehen würde",
                body: """
                    Guten Tag{% if lead.contact_name %} {{ lead.contact_name }}{% endif %},

                    wenn wir irgendwo anfangen, sehen wir uns zuerst drei Dinge an:

                    - welche der heutigen Kunden am meisten wert sind, und woher sie kamen;
                    - was jemand findet, der Ihr Angebot sucht und Sie noch nicht kennt;
                    - was in der ersten Stunde geschieht, nachdem jemand angefragt hat.

                    Beim dritten geht am meisten verloren, und es ist am günstigsten zu verbessern.

                    Soll ich aufschreiben, was ich von außen zu {{ lead.company }} sehe? Es kostet Sie nichts.

                    Mit freundlichen Grüßen
                    {{ sender.name }}
                    """)),
        OutreachTemplate(
            name: "Outreach 5: twenty minutes",
            english: Words(
                subject: "Twenty minutes, {{ lead.contact_name | first_name | default: \"if you like\" }}?",
                body: """
                    Hi {{ lead.contact_name | first_name | default: "there" }},

                    Would a short call be easier than mails? Twenty minutes: you tell me what you have tried, I tell you \
                    what I would do next, and whether we are the right ones for it.

                    {% if booking_url %}
                    You can choose a time here: {{ booking_url }}
                    {% else %}
                    If so, just name two times that suit you.
                    {% endif %}

                    Best regards
                    {{ sender.name }}
                    """),
            german: Words(
                subject: "Zwanzig Minuten am Telefon?",
                body: """
                    Guten Tag{% if lead.contact_name %} {{ lead.contact_name }}{% endif %},

                    wäre ein kurzes Gespräch einfacher als Mails? Zwanzig Minuten: Sie sagen mir, was Sie schon versucht \
                    haben, ich sage Ihnen, was ich als Nächstes täte, und ob wir dafür die Richtigen sind.

                    {% if booking_url %}
                    Hier können Sie eine Zeit wählen: {{ booking_url }}
                    {% else %}
                    Nennen Sie mir dann einfach zwei Zeiten, die Ihnen passen.
                    {% endif %}

                    Mit freundlichen Grüßen
                    {{ sender.name }}
                    """)),
        OutreachTemplate(
            name: "Outreach 6: the last one",
            english: Words(
                subject: "I will leave it here",
                body: """
                    Hi {{ lead.contact_name | first_name | default: "there" }},

                    I have not heard from you, which is an answer, too: this is my last mail about it.

                    Should marketing for {{ lead.company }} become a subject later, just reply to this one; it finds me.

                    I wish you all the best
                    {{ sender.name }}
                    """),
            german: Words(
                subject: "Ich lasse es dabei",
                body: """
                    Guten Tag{% if lead.contact_name %} {{ lead.contact_name }}{% endif %},

                    ich habe nichts von Ihnen gehört, und auch das ist eine Antwort: Dies ist meine letzte Mail dazu.

                    Sollte Marketing für {{ lead.company }} später ein Thema werden, antworten Sie einfach hierauf; es \
                    erreicht mich.

                    Ihnen alles Gute
                    {{ sender.name }}
                    """)),
    ]

    /// The third touch, which a person makes.
    static let task = (
        title: "Connect with {{ lead.contact_name | default: lead.company }} on LinkedIn",
        text: """
        Hi {{ lead.contact_name | first_name | default: "there" }}, I wrote to you about {{ lead.company }} last \
        week. No need to answer that; I would be glad to be in touch here. {{ sender.name }}, {{ agency.name }}
        """
    )
}
