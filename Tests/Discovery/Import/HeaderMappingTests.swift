import JSON
import Records
import Testing

@testable import Discovery

@Suite struct HeaderMappingTests {
    @Test(arguments: [
        (
            "company",
            "Company|company_name|CompanyName|Firma|Account Name|Organisation|Nom de l'entreprise|Empresa|Unternehmen|COMPANY *"
        ),
        ("website", "Website|URL|Domain|Company Domain Name|Webseite|Site web|Página web|Website URL"),
        (
            "email",
            "E-Mail|Email Address|E-mail|email|Work Email|Courriel|Correo electrónico|E-Mail-Adresse|Email 1"
        ),
        (
            "contact_name",
            "Contact Name|Full Name|Name|Ansprechpartner|First Name|Nachname|last_name|Vorname|Prénom|Apellidos|Contact"
        ),
        ("contact_title", "Job Title|Position|Title|Funktion|Cargo"),
        ("phone", "Phone|Tel.|Mobile|Telefon|Téléphone|Phone Number|Handy|Work Direct Phone"),
        ("country", "Country|Land|Pays|País|Country/Region|Country Code"),
        ("location", "City|Ort|Ville|State|Location|Bundesland|State/Region|Ciudad"),
        ("industry", "Industry|Branche|Sector|Secteur d'activité"),
        (
            "employee_count",
            "Employees|# Employees|Headcount|Company Size|Number of Employees|Mitarbeiter|Anzahl Mitarbeiter|Nombre d'employés|No. of employees"
        ),
        ("annual_revenue", "Annual Revenue|Revenue (EUR)|Umsatz in TEUR|Turnover|Chiffre d'affaires"),
        ("budget", "Budget|Monthly Budget|Presupuesto|Budget (USD)"),
        ("linkedin_url", "LinkedIn|Person Linkedin Url|LinkedIn Profile"),
        ("source", "Source|Lead Source|Quelle|Origen"), ("status", "Status|Lead Status|Stage|Statut"),
        ("tags", "Tags|Labels|Schlagworte|Do Not Contact|Unsubscribed"),
        ("notes", "Notes|Comments|Bemerkungen|Notizen|Remarques|Notas"),
        ("pain_points", "Pain Points|Challenges|Herausforderungen"),
        ("timeline_days", "Timeline|Timeframe|Zeitrahmen"),
        ("authority", "Authority|Decision-Maker|Entscheider"), ("custom.tier", "custom.tier"),
        ("custom.Tier", "custom.Tier"),
        ("external_ids.crm", "external_ids.crm|CRM ID"),
        ("custom.consent", "Consent|Opt-in|DSGVO Einwilligung"),
    ])
    func `columns are known by many names`(_ field: String, _ headers: String) {
        for header in headers.split(separator: "|").map(String.init) {
            #expect(HeaderMapping([header]).columns[0].target?.fieldName == field, "\(header)")
        }
    }

    @Test(arguments: [
        "Company|Website|Industry|Employees|Country|City|Contact Name|Job Title|Email|Phone|Status|Comments",
        "Firma|Webseite|Branche|Mitarbeiter|Land|Ort|Ansprechpartner|Funktion|E-Mail-Adresse|Handy|Lead-Status|Notiz",
        "Société|Site web|Secteur|Effectif|Pays|Ville|Interlocuteur|Poste|Adresse e-mail|Téléphone|Statut|Remarque",
        "Empresa|Página web|Industria|Empleados|País|Ciudad|Contacto|Cargo|Correo electrónico|Móvil|Etapa|Notas",
        "Azienda|Sito web|Settore|Dipendenti|Nazione|Città|Referente|Ruolo|Indirizzo e-mail|Telefono|Stadio|Commenti",
        "Empresa|Site|Setor|Funcionários|País|Cidade|Contato|Cargo|Endereço de e-mail|Telefone|Situação|Comentários",
        "Bedrijf|Webpagina|Branche|Medewerkers|Land|Plaats|Contactpersoon|Functie|E-mailadres|Mobiel|Status|Notitie",
    ])
    func `columns of leads are known in seven languages`(_ headers: String) {
        let columns = HeaderMapping(headers.split(separator: "|").map(String.init)).columns
        #expect(
            columns.map { $0.target?.fieldName } == [
                "company", "website", "industry", "employee_count", "country", "location", "contact_name",
                "contact_title", "email", "phone", "status", "notes",
            ])
    }

    @Test(arguments: [
        "Shoe size", "", "created_at", "id", "Record ID", "Score", "row_id", "street", "42", "x", "Zip",
        "Owner",
    ])
    func `what is not known is left out`(_ header: String) {
        #expect(HeaderMapping([header]).columns[0].target == nil)
    }

    @Test func `the report names every header`() {
        let mapping = HeaderMapping(["Company", "E-Mail", "Employees", "Shoe size"])
        #expect(
            mapping.report == [
                "Company": "company", "E-Mail": "email", "Employees": "employee_count", "Shoe size": nil,
            ])
        #expect(!mapping.isEmpty && mapping.holdsCompany && !mapping.isOwnExport)
        #expect(HeaderMapping(["Shoe size", "x"]).isEmpty)
    }

    @Test func `an explicit mapping wins over a guess`() throws {
        let explicit = try HeaderMapping.Explicit([
            "Firma": "company", "Stufe": "custom.tier", "Email": nil, "elsewhere": "notes",
        ])
        let mapping = HeaderMapping(["Firma", "Company", "stufe ", "Email", "Phone"], explicit: explicit)
        #expect(
            mapping.columns.map { $0.target?.fieldName } == ["company", nil, "custom.tier", nil, "phone"])
    }

    @Test func `an unknown target is refused at once`() {
        for mapping: JSON in [
            ["Firma": "colour"], ["Firma": "score"], ["Firma": 1], ["Firma": "custom."], ["a", "b"], "x",
            ["a": "id"],
        ] {
            #expect(throws: HeaderMapping.Explicit.Invalid.self) { _ = try HeaderMapping.Explicit(mapping) }
        }
    }

    @Test func `every column that our export has is known, so its cells are taken to the letter`() {
        let columns = Lead.resource.fields.filter { !$0.isSecret }.map(\.name).filter {
            !["custom", "external_ids"].contains($0)
        }
        #expect(HeaderMapping(columns + ["custom.tier", "external_ids.crm"]).isOwnExport)
        #expect(!HeaderMapping(columns + ["Colour"]).isOwnExport)
    }
}
