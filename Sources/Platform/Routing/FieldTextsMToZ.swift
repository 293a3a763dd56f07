extension FieldTexts {
    /// Fields that mean the same in every resource, from m to z.
    static let mToZ = """
        marketing: Whether marketing may be sent on this channel.
        match_on: The field by which a lead is known again: email, or external_ids.{system}.
        matched: The lines that pay an invoice.
        max_attempts: How often it is tried at most.
        max_concurrent_searches: How many searches may run at once.
        max_free_months: How many free months may be given at most.
        max_outreach_per_day: How many people may be written to in a day.
        me: The person who asks.
        means: The meaning of the value.
        media_type: The media type, found by looking at the bytes.
        members: The people of the team.
        merged_into: The ticket that goes on with its thread.
        message_id: The message.
        message_sent: The message that was sent with it.
        messages: The messages, or how many there are.
        messenger: The preference for Messenger.
        method: How it was done.
        metric: The name of the metric, such as clicks.
        metrics: The metrics.
        milestones: The milestones, each with its date.
        min_margin_percent: The smallest margin that may be left, in percent.
        minute: The limit of a minute.
        mode: How signing up works at present.
        model: The model that decided.
        month: The month.
        monthly_fee: The monthly fee.
        monthly_revenue: The monthly revenue from all clients.
        mx: The check of the MX records.
        name: The name of the {it}.
        names: The names that can be used in it.
        needed: How many are needed before one is trained.
        needs: The needs.
        network: The network.
        next: The number to go on from; null at the end.
        next_action: The next action.
        next_at: When the next step is due.
        next_attempt_at: When it is tried next.
        next_cursor: The value of cursor for the next page; null on the last one.
        next_fires: The next times at which it is due.
        next_invoice_on: The day of the next invoice.
        next_run: When it runs next.
        next_step: The step that comes next.
        node: The node of the workflow.
        nodes: The nodes, by name.
        note: A note for colleagues.
        noted_at: When it was recorded, or replaced.
        notes: Notes for colleagues; clients never see them.
        notice_channel: The channel on which notices are sent.
        notice_channels: The channels on which notices can be sent.
        notice_days: How many days before the end notice has to be given.
        now: The time now, on this clock.
        number: The number.
        objections: The objections that were raised.
        observe_for: How long a subject is observed, as an ISO 8601 duration.
        observed: How many have been observed to the end.
        occasion: When the trigger applies.
        offered_at: When it was offered.
        offers: The offers that were made, oldest first.
        ok: Whether it works.
        oldest_at: Since when the oldest job waits.
        on: The event that it reacts to.
        op: How it is compared.
        open_rate: The share that was opened.
        open_tasks: The tasks that are not done.
        opened: How many were opened.
        opened_at: When it was first opened.
        operations: The operations, at most 1,000.
        organic: The results of the post by itself; null before there are any.
        outcome: The outcome.
        outgoing: How many lines are payments that went out.
        output: The output.
        output_tokens: How many tokens came back.
        outreach: How well people are reached.
        outreach_automation: How leads are written to.
        owner: The owner.
        owner_id: The user who is responsible.
        p_value: The probability of such a difference by chance.
        package: The name of the package.
        package_id: The package that it is about.
        page: The number of the page, from 1.
        pages: How many pages there are.
        paid: The results of the post where it was shown for money.
        paid_at: When it was paid in full.
        pain_points: The difficulties of the lead, in a few words each.
        parameters: The parameters of the run.
        parent_id: The run that started it.
        parts: The parts that make up the score.
        passed: Whether it passed the review.
        password: The password, of at least 12 characters.
        paused: Whether it is paused, or how many are.
        paused_at: Since when the clock is stopped.
        paused_by_platform: Whether the platform's operator has paused it.
        paused_seconds: How long the clock was stopped, in seconds.
        payer: The name of the payer, as the bank gives it.
        payload: The payload, as it was received.
        payment_id: The payment.
        payment_intent: The payment service's identifier of the payment.
        people: The people who may sign in to the portal.
        per: The period.
        per_page: How many records a page has.
        period_start: The first day of the period.
        permissions: The permissions that you have.
        phone: The telephone number, in E.164.
        pipeline_value: The value of all open deals.
        pointer: Where it is, as a JSON Pointer.
        points: The points of the chart, by day.
        policy_id: The SLA policy that applies.
        position: The place in the order, from 1.
        positive: How many reacted well.
        post_id: The post.
        preview: The preview of its effect, in words.
        previous_hash: The hash of the entry before, by which entries form a chain.
        price: The price.
        priority: The priority of the {it}.
        priority_set_by: The origin of the priority: a rule, an agent or a person.
        processed_at: When it was worked on.
        product_count: How many products it has.
        product_id: The product, by its number at the network.
        progress: How far it is.
        project_id: The project that it belongs to.
        projects: The projects.
        proposal_id: The proposal that it follows.
        prospect_research: How leads are researched.
        provider: The provider of the service, such as postmark.
        provider_id: The provider's identifier of it.
        providers: The providers that it can use, in order.
        published_at: When it was published.
        purpose: The purpose.
        qualified: How many are qualified.
        qualified_at: When the lead was qualified.
        quantity: How many units.
        query: The query: the metric and the period.
        question: The question.
        queue: The queue that it waits in.
        quota: How much of its quotas is used.
        quote: The words that it is about.
        ran: The work that ran meanwhile.
        rate: The share, from 0 to 1.
        reach: How many people have seen it.
        reached: How many reached the stage.
        read_at: When it was read.
        reason: Why, in words.
        reasons: Why, each with its code.
        received: Whether it was taken in.
        received_at: When it was received.
        recipient: The recipient.
        reference: The reference that the payer gave.
        refresh_token: The token that gives new tokens, once.
        refunded: How much was paid back.
        refused: How many were refused.
        related_ids: The tickets that belong together with it.
        released_at: When it was released.
        reminders: How many reminders were sent.
        reopened: How often it was reopened.
        replied: How many were answered.
        replied_at: When it was answered.
        report_cadence: How often the client gets a report.
        report_frequency: How often clients get a report.
        reports: The reports.
        request_id: Identifies the request in the server's log.
        requested: When it was asked for.
        requested_by: The person who asked for it.
        requests_per_minute: How many requests a minute are allowed.
        required: Whether it must be given.
        reschedule_url: Where the invited person can reschedule.
        rescheduled_from: The meeting that it replaces.
        rescheduled_to: The meeting that replaces it.
        resets_at: When it starts again from zero.
        resolution: How it was resolved.
        resolution_breached_at: When the target of the solution was missed.
        resolution_due_at: When the solution is due.
        resolution_warn_at: When a warning is given about the solution.
        resolution_warned_at: When the warning about the solution was given.
        resolved_at: When it was resolved.
        resolved_by: The actor who resolved it.
        resource: The resource, such as leads.
        response_excerpt: The beginning of the endpoint's answer.
        response_id: The response.
        response_rate: The share that was answered.
        responses: How many responses there were.
        restarted: How many runs were started again.
        result: The result.
        results: The results.
        retailer_id: Its number at the shop.
        review_notes: The notes of the reviewer.
        review_status: The status of the network's review, such as approved.
        reviewed_at: When it was reviewed.
        reviewed_by: The person who reviewed it.
        reward: The reward.
        role: The role of the user.
        rows: The rows, the largest first.
        rule: The rule of the country that applies.
        run_at: When it is to run.
        run_id: The agent run or workflow run that it belongs to.
        running: How many are being worked on.
        runs: How often it ran.
        runs_per_hour: How often it may run in an hour.
        sales: The sales.
        sales_automation: How deals are followed up.
        same: Whether the replay ended like the decision.
        satisfaction: The satisfaction of clients; higher is better.
        schedule: When it runs.
        schedule_id: The schedule.
        schedules: The schedules.
        score: The score.
        score_max: The highest score.
        score_min: The lowest score.
        search_id: The search that found it.
        sections: The sections, in order.
        seed: The seed of the sandbox's chance, so that it can be repeated.
        sendable: Whether a message may be sent now.
        sender: The sender.
        sent: How many were sent.
        sent_at: When it was sent.
        sentiment: How the client feels: positive, neutral, negative or angry.
        sequence_id: The sequence.
        services: The services that are included.
        settings: The settings.
        severity: How serious it is.
        sha256: The SHA-256 digest of the bytes, in hexadecimal.
        shop_name: The name of the shop.
        signed_at: When it was signed.
        signed_by: The name of the person who signed.
        significant: Whether the difference is unlikely to be chance.
        since: Since when.
        size: The size in bytes.
        slack: The preference for Slack.
        slot: The time at which it was due.
        slug: The short name in addresses.
        sms: The preference for text messages.
        snoozed_until: Until when it is put aside.
        source: Where it comes from.
        spam: How much the text looks like spam.
        spend: The cost so far.
        spf: The check of the SPF record.
        stage: The stage of the pipeline.
        stage_entered_at: When the deal entered its stage.
        stages: The stages, in order.
        stale: How many have not moved for long.
        stale_after_days: After how many days without a move a deal is stale.
        start_at: When the sandbox's clock began.
        started_at: When it began.
        started_by: The person or the cause that started it.
        starts_at: When it begins.
        starts_on: The day on which it begins.
        state: The state of the {it}.
        status: The status of the {it}.
        status_code: The HTTP status.
        steps: The steps, in order.
        strings: The value in pieces.
        subject: The subject of the {it}.
        subjects: The records that belong to the person.
        subjects_min: How many subjects each variant needs before it is judged.
        submitted_at: When it was submitted.
        submitted_by: The person who submitted it.
        subscription_id: The subscription that it bills.
        success_rate: The share of runs that succeeded.
        suggestion: The suggested remedy.
        summary: The summary, in a sentence.
        survey_id: The survey.
        survey_responses: The answers to surveys.
        taggable: Whether it is shown where it is tagged: its review has approved it.
        tags: Words of your own to find it by.
        target: The value to reach.
        target_leads_per_day: How many leads to find in a day.
        task: The reading task, such as the class of a reply.
        tasks: How many tasks there are.
        tasks_blocked: How many tasks are blocked.
        tasks_done: How many tasks are done.
        tax_id: The agency's tax number, as invoices show it.
        tax_name: The name of the tax on invoices, such as VAT.
        team_id: The team that it is assigned to.
        telegram: The preference for Telegram.
        template_id: The template that it is written with.
        template_version: The version of the template that was used.
        tenant_id: The tenant.
        test: Whether it was only a test.
        tested: How many were tried.
        tests: How many were made to try it out.
        text: The text of the {it}.
        ticket_id: The ticket that it belongs to.
        ticket_subject: The subject of the ticket.
        tickets: The tickets.
        tier: The tier of the client's package.
        timeout: How long a call may take, as an ISO 8601 duration.
        timers: The timers that it waits for, each with its end.
        times: The times of day that suit.
        timestamp: When it happened.
        title: The title of the {it}.
        to: The end of the period, or where it goes.
        token: The token, which is secret.
        token_expires_at: When the token stops being valid.
        token_type: Always Bearer.
        tokens: How many tokens the language models used.
        tool: The name of the tool.
        topic: The topic that people can opt out of.
        total: How many records there are on all pages; only with total=true.
        total_deals: How many deals there are.
        total_replies: How many messages were answered.
        total_sent: How many messages were sent.
        total_value: The value of all deals.
        trained_at: When it was trained last.
        trigger: The trigger that started it.
        triggers: The triggers that start it.
        type: The type of the {it}.
        unit: The unit of the values.
        unit_price: The price of one unit.
        unmatched: The lines that fit no invoice.
        unread: How many messages have not been read.
        until: Until when.
        updated: How many were updated.
        updated_at: When the {it} last changed.
        urgency: How soon somebody should see it.
        url: The web address.
        use_today: How much it was used today.
        used: How much is used.
        user: The user.
        user_agent: The browser or program, as it names itself.
        user_id: The user.
        valid: Whether the whole chain is intact.
        value: The value.
        values: The settings by name.
        variants: The variants, each with its share.
        version: Rises by one with every change; the ETag.
        versions: The versions, oldest first.
        viewed_at: When the client first saw it.
        visitor_id: The visitor, as the page names them.
        voided_at: When it was voided.
        wait_time: How long the customer has waited.
        waiting: The work that waits for you.
        waiting_reason: The reason why it waits.
        wanted: The value that should be there.
        warnings: The warnings about what may be wrong.
        warnings_url: Where the warnings are, as CSV.
        web_chat: The preference for web chat.
        webhook_id: The webhook endpoint.
        website: The website.
        weight: The share of subjects that get it, relative to the others.
        weighted: The expected value: each value times its probability.
        weighted_value: The value times its probability.
        what: The subject.
        whatsapp: The preference for WhatsApp.
        when: The condition.
        why: Why it was done.
        winner: The variant that won; null while none has.
        won: How many were won.
        wordings: The wording in each language.
        workflow: The name of the workflow.
        workflow_id: The workflow.
        workflow_version: The version of the workflow that the run began with.
        x: How far it is from the left of a picture, from 0 to 1.
        y: How far it is from the top of a picture, from 0 to 1.
        """
}
