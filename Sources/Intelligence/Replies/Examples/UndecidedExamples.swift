/// Answers that say neither yes nor no: who writes has to think, to ask others, or to know more.
extension ReplyExamples {
    static let undecided = #"""
        I'll discuss this with my team and come back to you.
        Let me talk to my partner about it first.
        I need some time to think it over.
        We are still weighing our options.
        We have not decided yet.
        Let me run this by our marketing lead and see what she says.
        We are comparing a few offers before we decide anything.
        I can't say yes or no yet.
        We'll look at it in our team meeting.
        Give me a few days to go through this.
        I will have to check our budget before I can answer.
        Still thinking about it, will let you know.
        This has to be approved by the board first.
        Let us discuss it internally and we will see.
        I'm on the fence about this.
        Too early to tell for us.
        It depends on how our season goes.
        We are in the middle of a review, I'll update you when it is done.
        Ich bespreche das mit meinem Team und melde mich.
        Ich muss darüber erst nachdenken.
        Wir haben uns noch nicht entschieden.
        Das müssen wir intern klären, ich komme auf Sie zu.
        Wir vergleichen gerade mehrere Angebote.
        Je dois en parler à mon associé.
        Nous n'avons pas encore décidé.
        Tengo que pensarlo y hablarlo con mi equipo.
        Ne devo parlare con il mio socio.
        Vou pensar no assunto e dou notícias.
        """#

    static let asksFirst = #"""
        Maybe. What would it cost us?
        Interesting, but I need to know more before I decide.
        Before we talk, could you tell me how the pricing works?
        I'm not sure that I understand what you offer, can you explain?
        Perhaps, what results have others in our line of business had?
        Could you clarify how long the contract runs?
        What exactly do you need from us?
        How long does it take until one sees something?
        It is unclear to me what is included. Could you list it?
        Not sure if this fits us, what size of company do you usually work with?
        Can you put the main points into a few lines?
        Which tools do you work with?
        How is this different from what we have?
        Do you have anything in writing about the conditions?
        Kommt darauf an, was kostet das denn?
        Ich verstehe noch nicht ganz, was Sie anbieten. Können Sie das erklären?
        Wie unterscheidet sich das von anderen Agenturen?
        Ça dépend, combien cela coûte-t-il ?
        Depende, ¿cuánto costaría?
        """#

    static let acknowledged = #"""
        Got it, I'll read it.
        Thank you, I have received your message.
        Noted, thanks for the information.
        Okay, I'll have a look.
        Received. We'll go through it.
        Thanks for following up, I saw your mail.
        Thanks for sharing, I'll read it when I get to it.
        Danke, ich schaue es mir an.
        Ist angekommen, danke.
        Bien reçu, merci.
        Recibido, lo miraré.
        """#
}
