/// Turns of chats with an agency's assistant, with whether they ask for a person: all of them invented. The
/// model learns from them, a line each.
enum HandoverExamples {
    static let all: [(text: String, asks: Bool)] =
        requests.split(separator: "\n").map { (String($0), true) }
        + (ordinary + "\n" + others).split(separator: "\n").map { (String($0), false) }

    private static let requests = #"""
        I'd like to speak to a human please.
        Can I talk to a real person about my invoice?
        Please connect me with someone from your team.
        Get me an agent.
        human please
        Agent!
        I want to talk to my account manager.
        Could you transfer me to support?
        is there anyone I can speak to
        Let me speak to whoever is responsible for our campaign.
        I need a person to look at this, not a bot.
        Stop sending me automatic answers, I want a human.
        This bot isn't helping. Is there a real agent?
        Can someone from your team call me back today?
        Please have somebody call me, this is too complicated to type.
        I would rather discuss this with a person.
        I don't want to chat with a machine.
        Where can I reach a live operator?
        How do I get hold of a human being here?
        put me through to the manager
        I demand to speak with your supervisor.
        I'd feel better explaining this to a person.
        You don't understand me. Give me a colleague of yours who does.
        can i chat with an actual human
        i wana speak with a agent
        need to tlak to someone now
        plz let me speak to sb
        speek to human
        conect me to an agnet
        talk to represntative
        Who can I call? I need to speak to someone about our contract.
        Escalate this to your boss please.
        Can a specialist take over this conversation?
        Could one of your consultants help me instead?
        I'm not going to tell a robot about our finances, get me a person.
        No more bots please. A person.
        Your assistant keeps going in circles, I need a human agent.
        I want a callback from a real employee.
        Is it possible to talk with somebody in billing?
        I need help from a real human being with the tracking code.
        Can you help me talk to a member of staff?
        what do i have to do to speak to a real advisor
        I do not know how to get in touch with a live agent
        help me to speak to a person
        assistance talking to an operator
        I am trying to reach a human
        would it be possible to chat with someone in your office
        I have to speak with an employee
        I can't talk to a person anywhere on this site
        looking for a live person to chat with
        I don't feel comfortable giving these details to a machine
        I am not comfortable telling this to a computer
        this assistant is dumb, it gets everything wrong
        this chatbot is stupid and does not understand anything
        you get everything wrong, stupid machine
        Could I speak with the other colleague who handled my case?
        Can I talk to somebody else?
        I'd like to talk with someone who knows about Google Ads.
        May I speak directly with the designer?
        Transfer me to the accounts department.
        Please put me in touch with the person who runs our ads.
        Ich möchte mit einem Menschen sprechen.
        Bitte verbinden Sie mich mit einem Mitarbeiter.
        Kann ich mit jemandem aus dem Team reden?
        Mitarbeiter bitte
        Ich will keinen Bot, ich will einen echten Ansprechpartner.
        Rufen Sie mich bitte zurück.
        Kann mich bitte jemand anrufen?
        Gibt es hier auch echte Menschen?
        Ich brauche jemanden, der mir das persönlich erklärt.
        Geben Sie mir Ihren Vorgesetzten.
        Das verstehst du nicht, hol mir bitte einen Kollegen.
        Ich möchte das lieber mit meiner Beraterin besprechen.
        Wie erreiche ich einen Menschen bei euch?
        Ich würde gern persönlich mit Herrn Kramer sprechen.
        Könnte ein Mensch das übernehmen?
        mensch bitte
        Ich rede nicht mit einer Maschine über Rechnungen.
        Je voudrais parler à un conseiller.
        Passez-moi un humain s'il vous plaît.
        Est-ce que je peux parler à une vraie personne ?
        Je ne veux pas parler à un robot.
        Pouvez-vous me mettre en relation avec quelqu'un ?
        Rappelez-moi dès que possible.
        un conseiller svp
        J'ai besoin de parler avec un responsable.
        Quiero hablar con una persona.
        Páseme con un agente, por favor.
        ¿Puedo hablar con alguien de su equipo?
        Necesito un asesor humano.
        No quiero hablar con un robot.
        ¿Me puede llamar alguien?
        Prefiero tratar esto con una persona real.
        Vorrei parlare con un operatore.
        Posso parlare con una persona vera?
        Mi passi un responsabile.
        Non voglio parlare con un bot.
        Potete richiamarmi?
        Ho bisogno di parlare con qualcuno.
        Quero falar com um atendente.
        Posso falar com uma pessoa de verdade?
        Não quero falar com um robô.
        Preciso de falar com alguém da equipa.
        Ik wil graag een medewerker spreken.
        Kan ik met een echt persoon praten?
        Verbind me door met iemand van support.
        Kunt u mij terugbellen?
        Ik wil niet met een robot praten.
        Jag vill prata med en människa.
        Kan jag få prata med någon på kundtjänst?
        Koppla mig till en medarbetare.
        Jeg vil gerne tale med en medarbejder.
        Kan jeg snakke med et menneske?
        Jeg vil snakke med en ekte person.
        Chcę rozmawiać z człowiekiem.
        Proszę połączyć mnie z konsultantem.
        Czy mogę porozmawiać z kimś z zespołu?
        Chci mluvit s člověkem.
        Haluan puhua ihmisen kanssa.
        """#

    private static let ordinary = #"""
        How much does the basic package cost?
        When will the report for May be ready?
        Can you help me change my password?
        I'd like to book a call for next week.
        Where do I find my invoices?
        Please pause the campaign until Monday.
        Thanks, that helped.
        yes
        no thanks
        okay, do it
        The landing page shows an error.
        I can't log in any more.
        What's the difference between the two plans?
        Are you a bot?
        Am I talking to a person or to a machine?
        Is this an automatic answer?
        Please add my manager to the thread.
        Can you add another person to our account?
        How do I invite a colleague?
        I'll talk to my boss and come back to you.
        I need to discuss that with my team first.
        We are a real estate agent in Hamburg.
        How many people did the ad reach?
        Do you offer a chatbot for our website?
        We want more people to contact us through the form.
        I don't need a human, just the link please.
        No need to call me, a mail is fine.
        Please don't transfer me, you are doing fine.
        You can help me just as well as a person.
        I already spoke to someone yesterday, thanks.
        Your colleague was very helpful yesterday.
        The person in the picture should be removed.
        Who is the contact person on the form?
        We need a new sales representative on our side.
        Can we change the call to action on the page?
        The call tracking number is wrong.
        Please change the text to "Talk to an expert".
        The button should say "Chat with us".
        Our target group are people over fifty.
        What does the agent dashboard show?
        Set up a campaign for our new product.
        My card was declined, what now?
        The payment is still pending.
        I was charged twice.
        Cancel the meeting tomorrow.
        What are your opening hours?
        Where are you located?
        I want to close my account.
        How do I activate the tracking?
        Can you tell me more about the premium plan?
        I'd like to know when the newsletter goes out.
        Move the appointment to 3 pm.
        My name is Anna, I run a bakery.
        We have three shops in Berlin.
        Tell me a joke.
        What's the weather like?
        Who are you?
        What can you do?
        Stop talking.
        That is wrong, the budget is 500.
        It doesn't work on my phone.
        The form sends nothing.
        Send the file to someone else.
        I just need one more thing.
        This is my personal address.
        Service on Sundays?
        The service was great.
        I'm calling because of the offer from last week.
        I called last week about my order.
        Do you have support for Shopify?
        Could you give me an overview of last month?
        I want to change my personal details.
        Two people, please.
        A table for one person.
        My wife would like to see the draft first.
        For how many persons is the licence?
        Can I talk about the price later?
        I want to speak English.
        Let's talk about the budget.
        Let me check with our accountant.
        The ad talks to the wrong audience.
        I need help with the upload.
        i need assistance to set up an account
        can you help me to change my delivery address
        what do i have to do to get my invoice
        I do not know how to pay
        help me to cancel the order
        I am trying to find my receipt
        is it possible to pay by card
        would it be possible to get a discount
        I have to change the date
        I can't find the settings
        looking for the price list
        where could i leave feedback
        this page is stupid
        I don't understand the invoice
        I am not sure about the colour
        the worst campaign ever
        Everything is down!
        I told you already, there is only one logo.
        Third time I ask: when is the report ready?
        """#
}
