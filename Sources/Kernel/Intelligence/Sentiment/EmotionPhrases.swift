/// What somebody feels who writes.
package enum Emotion: String, CaseIterable, Hashable, Sendable {
    case anger, worry, gratitude, joy, disappointment

    static let phrases = PhraseSet<Emotion>([
        .anger: FrustrationPhrases.frustration,
        .worry: """
        worr*|anxious|nervous|afraid|scared|concerned|panic|panicking|uneasy|fear|alarmed|unsure
        sorge|sorgen|besorgt|angst|nervös|unsicher|beunruhigt|panik|befürchte
        inquiet|inquiete|inquietude|peur|angoisse|crains
        preocupado|preocupada|preocupa|miedo|nervioso|nerviosa|temo
        preoccupato|preoccupata|paura|ansia|temo
        preocupado|preocupada|medo|receio
        bezorgd|zorgen|bang|ongerust
        orolig|oroad|rädd|bekymret|bekymrad|urolig|redd|bange
        martwie|obawiam|boje|niepokoj*
        """,
        .gratitude: """
        thank|thanks|thx|thankful|grateful|gratitude|appreciate|appreciated|appreciation|cheers|kudos
        danke|dank|dankbar|dankeschön|bedanke|bedanken|vielen-dank
        merci|mercis|remercie|reconnaissant
        gracias|agradezco|agradecido|agradecida
        grazie|ringrazio|grato
        obrigado|obrigada|agradeço
        bedankt|dankjewel|dankuwel
        tack|takk|tak|tacksam
        dziekuje|dzieki|wdzieczny
        """,
        .joy: """
        happy|thrilled|delighted|excited|overjoyed|glad|love|loving|amazing|awesome|yay|hooray|wonderful
        glücklich|begeistert|freue|freuen|freut|juhu|toll|super
        heureux|heureuse|ravi|ravie|adore|genial
        feliz|felices|encantado|encantada|encanta
        felice|felici|entusiasta|adoro|contento|contenta
        contente|adorei|adoro
        blij|gelukkig|geweldig
        glad|glade|lycklig|lykkelig|jätteglad
        szczesliwy|ciesze|zachwycon*
        """,
        .disappointment: """
        disappoint*|letdown|regret|unfortunately|sad|sadly
        let|lets|letting me|us|you|down down|us
        expected|hoped|hoping ~2 more|better|for
        enttäusch*|schade|traurig|leider
        decu|decue|decus|deception|dommage
        decepcion*|lastima|triste
        delus*|deludent*|peccato
        desapont*|dececion*|infelizmente
        teleurgesteld*|teleurstellend*|jammer|helaas
        besviken|besvikna|skuffet|skuffende|tyvärr|desværre|dessverre
        rozczarowan*|szkoda|niestety
        """,
    ])
}
