extension OutreachTemplate {
    /// The mails in English.
    enum English {
        static let question = Words(
            "A question about {{ lead.company }}", .english,
            known(
                painPoint: either(
                    0,
                    "I read that {{ lead.company }} is working on this: {{ lead.pain_points | first }}. It is what we "
                        + "spend most of our time on here.",
                    "“{{ lead.pain_points | first }}”: that is how {{ lead.company }} was described to me, and I have "
                        + "seen the same at several firms this year.",
                    "Somebody mentioned {{ lead.company }} to me with the words “{{ lead.pain_points | first }}”, which "
                        + "made me curious how you go about it."),
                industry: either(
                    0,
                    "I came across {{ lead.company }} while looking at {{ lead.industry }}, and wondered how you win new "
                        + "customers today.",
                    "We have been reading a lot about {{ lead.industry }} lately, and {{ lead.company }} came up more "
                        + "than once. How do people find you?",
                    "In {{ lead.industry }} much has changed in how customers choose. I wondered what that means for "
                        + "{{ lead.company }}."),
                neither: either(
                    0, "I came across {{ lead.company }}, and wondered how you win new customers today.",
                    "{{ lead.company }} came up here this week, and nobody could say how people find you.",
                    "A short look at {{ lead.company }} left me with one thing I would like to ask.")),
            either(
                1,
                "I am with {{ agency.name }}. We plan and run marketing for companies that have no time to do it all "
                    + "themselves.",
                "At {{ agency.name }} we look after the marketing of firms whose people are busy with their own work.",
                "My work at {{ agency.name }} is to take marketing off the desks of those who have enough on them."
            ),
            either(
                2, "Is that of interest at the moment, or is somebody else the right person to ask?",
                "Would it help to talk about it, or does a colleague of yours look after this?",
                "Is now a bad time for that, and if so, when may I ask again?"))

        static let secondThought = Words(
            "One more thought for {{ lead.company }}", .english,
            either(
                0,
                "I know that such mails come at the wrong moment more often than not, so only this:",
                "You will have had a full week, which is why I keep this to a single point.",
                "No long letter this time; there is just one thing that I would still like to know."),
            known(
                painPoint: either(
                    1,
                    "If you could change one thing about “{{ lead.pain_points | first }}”, what would it be?",
                    "What have you tried so far against “{{ lead.pain_points | first }}”, and what came of it?",
                    "Which part of “{{ lead.pain_points | first }}” costs {{ lead.company }} most at present?"
                ),
                industry: either(
                    1,
                    "If you could change one thing about how new customers in {{ lead.industry }} find "
                        + "{{ lead.company }}, what would it be?",
                    "What did you try last in {{ lead.industry }} to be found by more people, and what came of it?",
                    "Where in {{ lead.industry }} do you lose most of those who were interested already?"),
                neither: either(
                    1,
                    "If you could change one thing about how new customers find {{ lead.company }}, what would it be?",
                    "What did you try last to be found by more people, and what came of it?",
                    "Where do you lose most of those who were interested already?")),
            either(
                2,
                "One line is enough. I answer with what I would try first, and you may use it without us.",
                "Two words will do. You get my honest first idea in return, free to use as you like.",
                "A sentence from you, and I send back what I would begin with; whether you need us for it is open."
            ))

        static let firstLook = Words(
            "What I would look at first at {{ lead.company }}", .english,
            known(
                painPoint: either(
                    0,
                    "With something like “{{ lead.pain_points | first }}” we look at three things before anything else:",
                    "Three questions come first here whenever somebody tells us “{{ lead.pain_points | first }}”:",
                    "“{{ lead.pain_points | first }}” has most often had one of these three causes:"),
                industry: either(
                    0,
                    "When we begin with somebody in {{ lead.industry }} we look at three things before anything else:",
                    "Three questions come first here for every firm in {{ lead.industry }}:",
                    "In {{ lead.industry }} it is most often one of these three that holds a firm back:"),
                neither: either(
                    0, "When we begin with somebody we look at three things before anything else:",
                    "Three questions come first here for every firm:",
                    "It is most often one of these three that holds a firm back:")),
            either(
                1,
                "- which of the present customers are worth most, and where they came from;\n"
                    + "- what somebody finds who looks for your kind of offer, and does not know you;\n"
                    + "- what happens in the first hour after somebody has asked.",
                "- how long an enquiry waits until a person answers it;\n"
                    + "- which page most visitors leave from, and what they had hoped to find there;\n"
                    + "- whom your best customers have told about you, and why nobody else.",
                "- what the last ten customers typed, asked or heard before they came;\n"
                    + "- which promise your competitors make that you could make with better reason;\n"
                    + "- where money is spent that no new customer can be traced to."),
            either(
                2,
                "Shall I write down what I see from the outside for {{ lead.company }}? It costs you nothing.",
                "I can put my answers for {{ lead.company }} on one page, if you would like to have them.",
                "May I send you what a stranger notices about {{ lead.company }} in half an hour?"))

        static let twentyMinutes = Words(
            #"Twenty minutes, {{ lead.contact_name | first_name | default: "if you like" }}?"#, .english,
            known(
                painPoint: either(
                    0,
                    "Would a short call about “{{ lead.pain_points | first }}” be easier than mails?",
                    "Some things are said faster than written, and “{{ lead.pain_points | first }}” may be one of them.",
                    "I would rather listen for once: how does “{{ lead.pain_points | first }}” look from your side?"
                ),
                industry: either(
                    0,
                    "Would a short call about {{ lead.industry }} and {{ lead.company }} be easier than mails?",
                    "Some things are said faster than written, in {{ lead.industry }} as elsewhere.",
                    "I would rather listen for once: how does {{ lead.industry }} look from your side?"),
                neither: either(
                    0, "Would a short call be easier than mails?",
                    "Some things are said faster than written.",
                    "I would rather listen for once than write another mail.")),
            either(
                1,
                "Twenty minutes: you tell me what you have tried, I tell you what I would do next, and whether we are "
                    + "the right ones for it.",
                "A third of an hour is enough to find out whether we can be of use, and I say so openly if we cannot.",
                "You would get an opinion on what you do today and one step that I would take next; nothing is sold."
            ),
            bookable(
                either(
                    2, "You can choose a time here: {{ booking_url }}",
                    "These times are free: {{ booking_url }}",
                    "Whatever suits you best of these: {{ booking_url }}"),
                either(
                    2, "If so, just name two times that suit you.", "Which day would be a quiet one for you?",
                    "Tell me when, and I call.")))

        static let lastOne = Words(
            "I will leave it here", .english,
            either(
                0, "I have not heard from you, which is an answer, too: this is my last mail about it.",
                "Silence is an answer as well, and I take it as one; I will not write about this again.",
                "So as not to become a nuisance, I stop here, and wish you well with your plans."),
            known(
                painPoint: either(
                    1,
                    "Should “{{ lead.pain_points | first }}” become pressing later, just reply to this one; it finds me.",
                    "If one day “{{ lead.pain_points | first }}” is still on the list, an answer to this mail is enough.",
                    "When “{{ lead.pain_points | first }}” comes up again at {{ lead.company }}, you know where I am."
                ),
                industry: either(
                    1,
                    "Should marketing in {{ lead.industry }} become a subject for {{ lead.company }} later, just reply to "
                        + "this one; it finds me.",
                    "If something in {{ lead.industry }} changes and you want a second opinion, an answer is enough.",
                    "When {{ lead.company }} wants to be better known in {{ lead.industry }}, you know where I am."
                ),
                neither: either(
                    1,
                    "Should marketing for {{ lead.company }} become a subject later, just reply to this one; it finds me.",
                    "If you want a second opinion one day, an answer to this mail is enough.",
                    "When {{ lead.company }} wants to be better known, you know where I am.")),
            either(
                2, "I wish you all the best.", "Thank you for reading this far.",
                "Good luck with everything until then."))
    }
}
