extension OutreachTemplate {
    /// The mails in German.
    enum German {
        static let question = Words(
            "Eine Frage zu {{ lead.company }}", .german,
            known(
                painPoint: either(
                    0,
                    "ich habe gelesen, dass Sie bei {{ lead.company }} gerade daran arbeiten: "
                        + "{{ lead.pain_points | first }}. Genau damit beschäftigen wir uns.",
                    "„{{ lead.pain_points | first }}“: So wurde mir {{ lead.company }} beschrieben, und dasselbe habe ich "
                        + "dieses Jahr bei mehreren Firmen gesehen.",
                    "jemand hat mir {{ lead.company }} mit den Worten „{{ lead.pain_points | first }}“ genannt. Seitdem "
                        + "frage ich mich, wie Sie damit umgehen."),
                industry: either(
                    0,
                    "ich bin beim Blick auf {{ lead.industry }} auf {{ lead.company }} gestoßen und habe mich gefragt, wie "
                        + "Sie heute neue Kunden gewinnen.",
                    "wir lesen gerade viel über {{ lead.industry }}, und {{ lead.company }} kam mehr als einmal vor. Wie "
                        + "findet man zu Ihnen?",
                    "in {{ lead.industry }} hat sich vieles daran geändert, wie Kunden wählen. Was heißt das für "
                        + "{{ lead.company }}?"),
                neither: either(
                    0,
                    "ich bin auf {{ lead.company }} gestoßen und habe mich gefragt, wie Sie heute neue Kunden gewinnen.",
                    "{{ lead.company }} kam diese Woche bei uns zur Sprache, und niemand wusste, wie man zu Ihnen findet.",
                    "nach einem kurzen Blick auf {{ lead.company }} blieb mir eine Frage.")),
            either(
                1,
                "Ich bin bei {{ agency.name }}. Wir planen und betreiben Marketing für Unternehmen, die nicht alles selbst "
                    + "machen können.",
                "Bei {{ agency.name }} kümmern wir uns um das Marketing von Firmen, deren Leute mit der eigenen Arbeit "
                    + "ausgelastet sind.",
                "Meine Aufgabe bei {{ agency.name }} ist es, denen das Marketing abzunehmen, die genug auf dem Tisch haben."
            ),
            either(
                2, "Ist das gerade ein Thema für Sie, oder sollte ich jemand anderen fragen?",
                "Wäre ein Gespräch darüber nützlich, oder ist bei Ihnen jemand anderes dafür zuständig?",
                "Passt es jetzt schlecht, und wann darf ich sonst noch einmal fragen?"))

        static let secondThought = Words(
            "Noch ein Gedanke zu {{ lead.company }}", .german,
            either(
                0, "solche Mails kommen meist im falschen Moment, deshalb nur eine Frage:",
                "Ihre Woche war sicher voll, darum beschränke ich mich auf einen Punkt.",
                "diesmal kein langer Brief, denn eines wüsste ich noch gern."),
            known(
                painPoint: either(
                    1,
                    "Wenn Sie an „{{ lead.pain_points | first }}“ eines ändern könnten, was wäre das?",
                    "Was haben Sie gegen „{{ lead.pain_points | first }}“ bisher versucht, und was kam dabei heraus?",
                    "Welcher Teil von „{{ lead.pain_points | first }}“ kostet {{ lead.company }} zurzeit am meisten?"
                ),
                industry: either(
                    1,
                    "Wenn Sie eines daran ändern könnten, wie Kunden in {{ lead.industry }} zu {{ lead.company }} finden, "
                        + "was wäre das?",
                    "Was haben Sie in {{ lead.industry }} zuletzt versucht, um von mehr Menschen gefunden zu werden?",
                    "Wo verlieren Sie in {{ lead.industry }} die meisten, die schon Interesse hatten?"),
                neither: either(
                    1,
                    "Wenn Sie eines daran ändern könnten, wie neue Kunden zu {{ lead.company }} finden, was wäre das?",
                    "Was haben Sie zuletzt versucht, um von mehr Menschen gefunden zu werden?",
                    "Wo verlieren Sie die meisten, die schon Interesse hatten?")),
            either(
                2,
                "Eine Zeile genügt. Ich antworte mit dem, was ich zuerst versuchen würde; Sie können es auch ohne uns "
                    + "umsetzen.",
                "Zwei Worte reichen. Sie bekommen dafür meine ehrliche erste Idee, zur freien Verwendung.",
                "Ein Satz von Ihnen, und ich schicke zurück, womit ich anfinge; ob es dazu uns braucht, ist offen."
            ))

        static let firstLook = Words(
            "Was ich mir bei {{ lead.company }} zuerst ansehen würde", .german,
            known(
                painPoint: either(
                    0,
                    "bei etwas wie „{{ lead.pain_points | first }}“ sehen wir uns zuerst drei Dinge an:",
                    "drei Fragen stehen bei uns am Anfang, wenn uns jemand „{{ lead.pain_points | first }}“ sagt:",
                    "„{{ lead.pain_points | first }}“ hatte meistens eine dieser drei Ursachen:"),
                industry: either(
                    0, "wenn wir in {{ lead.industry }} anfangen, sehen wir uns zuerst drei Dinge an:",
                    "drei Fragen stehen bei uns für jede Firma in {{ lead.industry }} am Anfang:",
                    "in {{ lead.industry }} ist es meistens eines von diesen dreien, was eine Firma bremst:"),
                neither: either(
                    0, "wenn wir irgendwo anfangen, sehen wir uns zuerst drei Dinge an:",
                    "drei Fragen stehen bei uns für jede Firma am Anfang:",
                    "meistens ist es eines von diesen dreien, was eine Firma bremst:")),
            either(
                1,
                "- welche der heutigen Kunden am meisten wert sind, und woher sie kamen;\n"
                    + "- was jemand findet, der Ihr Angebot sucht und Sie noch nicht kennt;\n"
                    + "- was in der ersten Stunde geschieht, nachdem jemand angefragt hat.",
                "- wie lange eine Anfrage wartet, bis ein Mensch sie beantwortet;\n"
                    + "- von welcher Seite die meisten Besucher gehen, und was sie dort gesucht hatten;\n"
                    + "- wem Ihre besten Kunden von Ihnen erzählt haben, und warum sonst niemandem.",
                "- was die letzten zehn Kunden eingegeben, gefragt oder gehört haben, bevor sie kamen;\n"
                    + "- welches Versprechen der Wettbewerb gibt, das Sie mit besserem Grund geben könnten;\n"
                    + "- wo Geld ausgegeben wird, dem sich kein neuer Kunde zuordnen lässt."),
            either(
                2,
                "Soll ich aufschreiben, was ich von außen zu {{ lead.company }} sehe? Es kostet Sie nichts.",
                "Meine Antworten für {{ lead.company }} bringe ich gern auf eine Seite, wenn Sie sie haben möchten.",
                "Darf ich Ihnen schicken, was einem Fremden an {{ lead.company }} in einer halben Stunde auffällt?"
            ))

        static let twentyMinutes = Words(
            "Zwanzig Minuten am Telefon?", .german,
            known(
                painPoint: either(
                    0, "wäre ein kurzes Gespräch über „{{ lead.pain_points | first }}“ einfacher als Mails?",
                    "manches ist schneller gesagt als geschrieben, vielleicht auch „{{ lead.pain_points | first }}“.",
                    "diesmal möchte ich lieber zuhören: Wie sieht „{{ lead.pain_points | first }}“ von Ihrer Seite aus?"
                ),
                industry: either(
                    0,
                    "wäre ein kurzes Gespräch über {{ lead.industry }} und {{ lead.company }} einfacher als Mails?",
                    "manches ist schneller gesagt als geschrieben, in {{ lead.industry }} wie anderswo.",
                    "diesmal möchte ich lieber zuhören: Wie sieht {{ lead.industry }} von Ihrer Seite aus?"),
                neither: either(
                    0, "wäre ein kurzes Gespräch einfacher als Mails?",
                    "manches ist schneller gesagt als geschrieben.",
                    "diesmal möchte ich lieber zuhören als noch eine Mail schreiben.")),
            either(
                1,
                "Zwanzig Minuten: Sie sagen mir, was Sie schon versucht haben, ich sage Ihnen, was ich als Nächstes täte, "
                    + "und ob wir dafür die Richtigen sind.",
                "Eine Drittelstunde genügt, um herauszufinden, ob wir Ihnen nützen; wenn nicht, sage ich es offen.",
                "Sie bekämen eine Meinung zu dem, was Sie heute tun, und einen nächsten Schritt; verkauft wird nichts."
            ),
            bookable(
                either(
                    2, "Hier können Sie eine Zeit wählen: {{ booking_url }}",
                    "Diese Zeiten sind frei: {{ booking_url }}",
                    "Was Ihnen davon am besten passt: {{ booking_url }}"),
                either(
                    2, "Nennen Sie mir dann einfach zwei Zeiten, die Ihnen passen.",
                    "Welcher Tag wäre bei Ihnen ein ruhiger?",
                    "Sagen Sie mir, wann, dann rufe ich an.")))

        static let lastOne = Words(
            "Ich lasse es dabei", .german,
            either(
                0,
                "ich habe nichts von Ihnen gehört, und auch das ist eine Antwort: Dies ist meine letzte Mail dazu.",
                "auch Schweigen ist eine Antwort, und ich nehme es als eine; ich schreibe dazu nicht wieder.",
                "um nicht lästig zu werden, höre ich hier auf und wünsche Ihnen Erfolg bei dem, was Sie vorhaben."
            ),
            known(
                painPoint: either(
                    1,
                    "Sollte „{{ lead.pain_points | first }}“ später dringend werden, antworten Sie einfach hierauf; es "
                        + "erreicht mich.",
                    "Wenn „{{ lead.pain_points | first }}“ eines Tages noch auf der Liste steht, genügt eine Antwort.",
                    "Kommt „{{ lead.pain_points | first }}“ bei {{ lead.company }} wieder auf, wissen Sie, wo ich bin."
                ),
                industry: either(
                    1,
                    "Sollte Marketing in {{ lead.industry }} für {{ lead.company }} später ein Thema werden, antworten Sie "
                        + "einfach hierauf.",
                    "Wenn sich in {{ lead.industry }} etwas ändert und Sie eine zweite Meinung möchten, genügt eine Antwort.",
                    "Möchte {{ lead.company }} in {{ lead.industry }} bekannter werden, wissen Sie, wo ich bin."
                ),
                neither: either(
                    1,
                    "Sollte Marketing für {{ lead.company }} später ein Thema werden, antworten Sie einfach hierauf; es "
                        + "erreicht mich.",
                    "Wenn Sie eines Tages eine zweite Meinung möchten, genügt eine Antwort auf diese Mail.",
                    "Möchte {{ lead.company }} bekannter werden, wissen Sie, wo ich bin.")),
            either(
                2, "Ihnen alles Gute.", "Danke, dass Sie bis hierher gelesen haben.",
                "Bis dahin gutes Gelingen."))
    }
}
