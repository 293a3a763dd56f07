extension FieldTexts {
    /// Fields that mean the same in every resource, from a to l.
    static let aToL = """
        about: The subject.
        accepted: Whether it was accepted.
        accepted_at: When it was accepted.
        accepted_by: The name of the person who accepted it.
        access_token: The token to send as Authorization: Bearer; valid for 15 minutes.
        accuracy: The share of examples that are read right when they are left out of the training.
        acknowledged_at: When somebody said that they have seen it.
        acknowledged_by: The person who has acknowledged it.
        action: The action that was taken, or is to be taken.
        active: How many are active.
        active_deals: How many deals are open.
        actor: The actor: a person, an agent, a key or the system.
        add_tags: The tags that are added.
        address: The address.
        advancing: Whether the clock is being moved at the moment.
        after: The value after the change.
        age_days: How many days it has been in its stage.
        agency: The agency.
        agent: The name of the agent.
        agent_name: The name of the agent.
        agents: The agents, each with how it does.
        amount: The amount in minor units, such as cents.
        annual_revenue: The revenue of a year.
        answered_at: When it was answered.
        answers: The answers, by field.
        apply: Whether the winner is applied by itself.
        approval_id: The approval that it waits for, or waited for.
        approved_by: The people who have approved so far.
        archived: Whether it is kept for its history only.
        arguments: The arguments of the call.
        as_of: The moment at which it was so.
        asked: How often it was asked.
        assigned: How many got it.
        assignee: The user whose work it is.
        assignee_id: The user whose work it is.
        at: When it happened.
        attempt: The number of the attempt, from 1.
        attempt_count: How often it was tried.
        attempts: How often it was tried.
        author: The author.
        author_name: In whose name it writes.
        authorize_url: The address to open in a browser to give consent.
        autonomy: How far it may act without asking: observe, suggest, approve or auto.
        available: Whether the person takes on work now.
        average_duration_ms: How long a run takes on average, in milliseconds.
        average_ms: How long a call takes on average, in milliseconds.
        bank_details: The bank account that invoices ask payment to.
        base_price: The price before it was adapted to the lead.
        base_url: The provider's address, where it is not the usual one.
        baseline: The use before and after, to compare.
        basis: The basis that permits it.
        batch_id: The batch that it belongs to.
        batch_size: How many records are worked on at once.
        before: The value before the change.
        best: The value if every deal is won.
        best_hours: The hours with the best response rates.
        blocklists: The check of public blocklists.
        body: The text of the {it}.
        bounced: How many came back.
        breached: Whether a target was missed.
        breakpoints: The nodes before which the run stops.
        buttons: The buttons below the text.
        by: The actor who did it.
        by_channel: The same metrics for each channel.
        by_day: The same metrics for each day of the week.
        by_hour: The same metrics for each hour of the day.
        by_purpose: The same metrics for each purpose.
        cache_time: How long an answer is kept, as an ISO 8601 duration.
        calendly_url: The Calendly link.
        call_to_action: The action that the reader is asked to take next.
        calls: The calls, or how many there were.
        campaign_id: The campaign that it belongs to.
        campaigns: The campaigns that run.
        cancel_reason: Why it was cancelled.
        cancel_url: Where the invited person can cancel.
        cannot: The limits of what it can do, in words.
        capabilities: The capabilities of the provider.
        cards: The deals of the stage.
        case_studies: The case studies that it shows.
        catalogs: The catalogues of products.
        category: The category of the {it}.
        change_request: The changes that the client wants.
        changed: How many would end differently.
        changes: The changes: the old value and the new one, by field.
        channel: The channel, such as email or whatsapp.
        channels: The preference for each channel.
        charts: The charts.
        checked_at: When it was last checked.
        checkout_session: The payment service's checkout session.
        checks: The checks, each with its finding.
        choices: The values to choose from.
        class: The class of its effects: what it may change.
        click_rate: The share in which a link was followed.
        clicked: How many had a link followed.
        clicked_at: When a link was first followed.
        clicks: How often it was clicked.
        client: The client.
        client_id: The client on whose behalf it is; null: the agency itself.
        client_management: How clients are looked after.
        client_role: The role of a client's person in the portal.
        clients: The clients.
        closed_at: When it was closed.
        code: The code of the result, for programs.
        color: The colour of the brand, as #rrggbb.
        column: The column of the line.
        comment: The comment of the person, in their own words.
        committed: The value of the deals that are almost sure.
        company: The name of the company.
        company_id: The company that the person works for.
        company_name: The name of the company.
        completed_at: When it was completed.
        concessions: The concessions that were made.
        concluded_at: When it was concluded.
        confidence: How sure it is, from 0 to 1.
        config_version: The version of the agent's configuration that applied.
        consent_id: The consent that permits it.
        contact: The contact.
        contact_email: The email address of the client's main contact.
        contact_id: The contact whom it concerns.
        contact_name: The name of the person to speak with.
        contact_title: The job title of the person to speak with.
        contacted_at: When the first message went out.
        contract_id: The contract.
        contribution: The amount that it added to the outcome, or took from it.
        conversation_id: The conversation that it belongs to.
        conversations: The conversations.
        conversion: How many went on from each stage to the next.
        conversion_probability: How likely the lead becomes a client, from 0 to 1.
        conversion_rate: The share that became clients.
        converted: How many reached the goal.
        corrections: How many corrections it was trained on.
        cost: The cost.
        count: How many there are.
        country: The country, as its ISO 3166 code.
        counts: How many of each there are.
        created: How many were created.
        created_at: When the {it} was created.
        created_by: The actor who created it.
        created_date: The day on which it was created.
        creates: The kind of record that a submission creates.
        credentials: The credentials that the provider needs, each with what it is.
        credit_id: The credit that was used.
        currency: The ISO 4217 code of the currency.
        custom: Fields of your own, by key.
        customer_context: Facts that are known about the customer.
        customer_id: The contact, as the agents' messages call it.
        data: The records.
        date: The day.
        day: The day of the week.
        days: The days.
        deal_id: The deal that it belongs to.
        deals: The deals, or how many there are.
        decided_at: When it was decided.
        decided_by: The actor who decided.
        decision: The decision of the client.
        decision_id: The decision that it belongs to.
        decision_reason: Why it was decided so.
        decisions: The decisions that were made.
        decline_reason: Why it was declined, in the client's words.
        declined_at: When it was declined.
        default: The value where none is given.
        defaults: The values that apply where none is set.
        deliverables: The deliverables.
        delivered: How many were delivered.
        delivered_at: When it was delivered.
        delivery_rate: The share that was delivered.
        depth: How many jobs wait.
        description: The description of the {it}.
        detail: The details, in a sentence.
        difference: The difference to the first variant.
        differences: The outcomes that would differ.
        direction: Whether it was received (inbound) or sent (outbound).
        disabled_at: When it was disabled.
        disabled_reason: Why it was disabled.
        dismissed_at: When it was dismissed.
        dismissible: Whether the agency may say that it has no need of it.
        dkim: The check of the DKIM record.
        dmarc: The check of the DMARC record.
        documents: The documents.
        done: When it was done.
        done_at: When it was done.
        due: When it is due, or what is due.
        due_at: When it is due.
        due_on: The day on which it is due.
        duplicate: Whether it had been received before.
        duration_ms: How long it took, in milliseconds.
        edges: The edges between nodes.
        eligible: Whether the network lets the account tag products.
        eligible_for_appeal: Whether the network looks at it again when it is asked to.
        email: The email address.
        employee_count: How many people work there.
        enabled: Whether it is in use.
        ended_at: When it ended.
        ends_at: When it ends.
        enrollment_id: The enrolment that it belongs to.
        enrollments: The enrolments that move.
        entries: The entries, oldest first.
        equals: The value that it has to have.
        erased: The records that were erased, by resource.
        error: The error; null where there was none.
        error_code: The code of the error.
        error_detail: The error, in words.
        errors: How many errors there were.
        errors_url: Where the rows with errors can be downloaded as CSV.
        escalation: How far it was escalated; null where it was not.
        event_type: The type of the event, such as lead.created.
        examples: How many examples it has.
        exit_reason: Why it ended before the last step.
        expected_calls: How many calls the month will come to at this rate.
        expected_close: When the deal is expected to close.
        expected_cost: The cost of the month at this rate.
        experiment_id: The experiment.
        expired_at: When it expired.
        expires_at: When it stops being valid.
        expires_in: How many seconds the access token is valid.
        explanation: The meaning, and the action to take.
        external_id: The identifier in the other system.
        external_ids: The record's identifiers in other systems, by system.
        factors: The factors that were weighed, the most important first.
        failures: How many failed.
        field: The name of the field.
        fields: The fields, in order.
        figures: The metrics.
        file: The file.
        file_name: The name of the file.
        files: The files.
        finished_at: When it ended; null while it runs.
        fired_at: When it was started.
        first_at: When they first meet.
        first_invalid: The first entry that is not intact; null where all are.
        first_response: How soon it is answered first.
        first_response_at: When somebody first answered.
        first_response_breached_at: When the target of the first answer was missed.
        first_response_due_at: When the first answer is due.
        first_response_warn_at: When a warning is given about the first answer.
        first_response_warned_at: When the warning about the first answer was given.
        follow_up_frequency: How often deals are followed up.
        forecast: The forecast, by month.
        forked_from: The run that it was forked from.
        form_id: The form.
        format: The format of the header.
        found: The findings, or their number.
        free: How much is free.
        free_months: How many months are free.
        frequency: How often marketing may be sent.
        from: The beginning of the period, or where it comes from.
        from_position: The step that it was at.
        from_version: The version that it was at.
        goal: The measure of success, or the value to be reached.
        handled_at: When it was handled.
        handled_by: The agent that handled it.
        handler: The handler: an agent, a human, or nobody yet (waiting_for_human).
        has_hooks: Whether the provider sends webhooks.
        has_more: Whether there is another page.
        has_own_probability: Whether the probability was set by hand, and not derived from the stage.
        hash: The hash of the entry, over its content and the entry before.
        header: The header above the text.
        health: The health of the {it}.
        health_reason: Why the domain's health is as it is.
        held: How many are held back.
        history: The history, oldest first.
        hour: The hour of the day, 0 to 23.
        hours: Whether the targets count business hours or all hours.
        html: The text as HTML.
        human_requested_at: When the contact asked for a person.
        id: Identifies the {it}.
        identity_id: The contact's identity on the channel.
        image_url: The address of its picture.
        impressions: How often it was shown.
        in_reply_to: The message that it answers.
        industry: The industry.
        initiative: Whether it begins work by itself.
        input_schema: The JSON Schema of its arguments.
        input_tokens: How many tokens were sent.
        instagram: The preference for Instagram.
        integration_id: The integration that it goes through.
        intent: The intent of the client.
        interval: The interval in which the true value lies with 95 % certainty.
        invited_by: The person who sent the invitation.
        invitee_email: The email address of the invited person.
        invoice_id: The invoice.
        invoices: The invoices.
        is_stale: Whether it has not moved for long.
        issued_on: The day on which it was issued.
        items: The items that are charged.
        items_processed: How many records it worked on.
        job_id: The job that does the work.
        jobs: How many jobs ran.
        keep: The record that is kept.
        kept: The records that are kept, with the reason.
        key: The name of the value.
        kind: The kind of the {it}.
        known: How many lines had been imported before.
        label: The label that people read.
        labels: How many examples each label has.
        language: The language.
        last_asked_at: When it was last asked.
        last_error: The last error; null where there was none since.
        last_inbound_at: When the contact last wrote.
        last_message_at: When the last message was written.
        last_run: When it last ran.
        last_used_at: When it was last used.
        lawful_basis: On which basis of data protection law it rests.
        lead_generation: How leads are found.
        lead_id: The lead whom it concerns.
        lead_qualification: How leads are qualified.
        lead_scoring: How leads are scored.
        leads: The leads, or how many there are.
        left: How many had left already.
        level: The level.
        lifecycle: Where the client is in the relationship.
        likely_invoice_id: The invoice that the line probably pays.
        limit: The limit.
        limits: The limits.
        line: The line of the file.
        link: Where it can be done.
        linkedin_url: The LinkedIn page.
        locale: The language and region, such as en-GB.
        location: The town or region.
        logo_url: The address of the logo.
        lost_reason: Why the deal was lost.
        """
}
