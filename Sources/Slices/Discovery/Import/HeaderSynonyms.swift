internal import Platform
internal import Records

/// What columns are called, in the languages and programs that lead lists come from.
enum HeaderSynonyms {
    static func target(of header: String) -> ImportTarget? {
        let name = TextCleaning.trimmed(header)
        if let target = ImportTarget(name) ?? ImportTarget(name.lowercased()) { return target }
        for words in [HeaderWords.of(header, splittingCase: false), HeaderWords.of(header)] {
            if let target = target(of: words) { return target }
        }
        return nil
    }

    private static func target(of words: [String]) -> ImportTarget? {
        if let target = table[words.joined(separator: " ")] { return target }
        // "Revenue (kEUR)", "Employees 2024", "Company *": the name without its remarks.
        let bare = words.filter { !HeaderWords.remarks.contains($0) && Int($0) == nil }
        return bare.isEmpty ? nil : table[bare.joined(separator: " ")]
    }

    private static let table: [String: ImportTarget] = {
        var table: [String: ImportTarget] = [:]
        for (target, names) in synonyms {
            for name in names.split(separator: ",") {
                let words = HeaderWords.of(String(name))
                table[words.joined(separator: " ")] = target
                let bare = words.filter { !HeaderWords.remarks.contains($0) }.joined(separator: " ")
                if table[bare] == nil, !bare.isEmpty { table[bare] = target }
            }
        }
        return table
    }()

    private static let synonyms: [(ImportTarget, String)] = [
        (
            .field(.company),
            """
            company,company name,account,account name,organisation,organization,organisation name,
            organization name,org,business,business name,firm,firm name,employer,customer,customer name,
            client name,legal name,trading name,company legal name,companyname,firma,firmenname,
            unternehmen,unternehmensname,name der firma,kunde,betrieb,entreprise,société,
            nom de l'entreprise,nom de la société,raison sociale,nom entreprise,nom société,empresa,
            nombre de la empresa,compañía,razón social,organización,azienda,società,ragione sociale,
            nome azienda,nome da empresa,razão social,bedrijf,bedrijfsnaam,onderneming,företag,
            företagsnamn,bolag,virksomhed,virksomhedsnavn,bedriftsnavn,yritys,nazwa firmy,
            przedsiębiorstwo,společnost,název firmy,cég,cégnév,company for emails,lead company,
            company account,current company,şirket,компания,会社名,公司
            """
        ),
        (
            .field(.website),
            """
            website,web site,web,website url,url,homepage,home page,domain,domain name,company domain,
            company domain name,company website,company url,web address,site,site web,site internet,
            webseite,webauftritt,internetseite,internet,internetadresse,www,sitio web,página web,
            web de la empresa,sito,sito web,sito internet,site da empresa,hemsida,hjemmeside,nettside,
            kotisivut,strona internetowa,strona www,webová stránka,account website,website address
            """
        ),
        (
            .field(.industry),
            """
            industry,sector,business type,vertical,industry sector,industry type,company industry,
            primary industry,line of business,company category,sic description,naics description,
            branche,wirtschaftszweig,industriezweig,sektor,secteur,secteur d'activité,activité,
            industrie,sector de actividad,industria,rubro,giro,settore,settore di attività,setor,
            segmento,ramo,bransch,branche/sektor,toimiala,branża,obor
            """
        ),
        (
            .field(.employeeCount),
            """
            employees,employee count,number of employees,no of employees,num employees,employees count,
            headcount,head count,company size,size,staff,staff count,team size,company headcount,
            employee range,employees range,number employees,total employees,fte,ftes,company employees,
            mitarbeiter,mitarbeiterzahl,anzahl mitarbeiter,mitarbeiteranzahl,beschäftigte,
            unternehmensgröße,firmengröße,effectif,effectifs,nombre d'employés,nombre de salariés,
            salariés,taille,taille de l'entreprise,empleados,número de empleados,nº de empleados,
            no empleados,tamaño de la empresa,plantilla,dipendenti,numero dipendenti,
            numero di dipendenti,funcionários,número de funcionários,colaboradores,medewerkers,
            aantal medewerkers,werknemers,anställda,antal anställda,ansatte,antal ansatte,pracownicy,
            liczba pracowników
            """
        ),
        (
            .field(.annualRevenue),
            """
            annual revenue,revenue,turnover,annual turnover,annual sales,yearly revenue,company revenue,
            revenue range,sales volume,estimated revenue,total revenue,umsatz,jahresumsatz,
            chiffre d'affaires,ca annuel,revenu annuel,facturación,ingresos anuales,ventas anuales,
            fatturato,fatturato annuo,faturamento,receita anual,omzet,jaaromzet,omsättning,omsetning,
            omsætning,liikevaihto,przychody,obrat
            """
        ),
        (
            .field(.location),
            """
            location,address location,company location,hq,headquarters,hq location,region,area,standort,
            sitz,ort/region,localisation,emplacement,lieu,ubicación,localización,sede,localização,
            locatie,plats,lokalizacja,city state,city and state,person location,metro area
            """
        ),
        (
            .city,
            """
            city,town,company city,person city,billing city,mailing city,hq city,stadt,ort,wohnort,
            ville,commune,ciudad,localidad,población,città,comune,cidade,município,plaats,woonplaats,
            stad,postort,kaupunki,miasto,miejscowość,město,város
            """
        ),
        (
            .state,
            """
            state,province,state region,state/region,state province,state/province,county,company state,
            person state,billing state,mailing state,hq state,bundesland,kanton,département,provincia,
            estado,comunidad autónoma,regione,provincie,län,fylke,województwo,kraj/stát
            """
        ),
        (
            .field(.country),
            """
            country,country region,country/region,country code,company country,person country,
            billing country,mailing country,hq country,nation,land,staat,ländercode,länderkürzel,pays,
            país,codigo pais,paese,nazione,stato,maa,kraj,země,ország,ülke,страна,国家,国
            """
        ),
        (
            .field(.contactName),
            """
            contact name,contact,full name,name,person,person name,contact person,lead name,
            main contact,primary contact,decision maker,display name,contact full name,owner name,
            first and last name,ansprechpartner,ansprechpartnerin,kontakt,kontaktperson,
            vollständiger name,vor- und nachname,nom complet,nom du contact,nom et prénom,prénom et nom,
            interlocuteur,contacto,nombre completo,nombre del contacto,nombre y apellidos,
            persona de contacto,nome completo,nome e cognome,contatto,referente,nome do contato,
            contactpersoon,volledige naam,naam,namn,kontaktperson,navn,imię i nazwisko,jméno a příjmení,
            osoba kontaktowa,contact_name
            """
        ),
        (
            .firstName,
            """
            first name,firstname,given name,forename,first,contact first name,fname,christian name,
            vorname,prénom,prenom,nombre,nombre de pila,nome,primeiro nome,voornaam,förnamn,fornavn,
            etunimi,imię,jméno,keresztnév
            """
        ),
        (
            .lastName,
            """
            last name,lastname,surname,family name,last,contact last name,lname,nachname,familienname,
            zuname,nom,nom de famille,apellido,apellidos,cognome,sobrenome,apelido,achternaam,efternamn,
            efternavn,etternavn,sukunimi,nazwisko,příjmení,vezetéknév
            """
        ),
        (
            .field(.contactTitle),
            """
            contact title,title,job title,jobtitle,position,role,job role,job position,designation,
            function,job function,job,occupation,professional title,funktion,stelle,stellenbezeichnung,
            berufsbezeichnung,rolle,jobtitel,fonction,poste,intitulé du poste,titre,cargo,puesto,rol,
            ruolo,posizione,mansione,função,functie,functietitel,titel,befattning,stilling,stanowisko,
            pozice,funkce
            """
        ),
        (
            .field(.email),
            """
            email,e-mail,mail,email address,e-mail address,mail address,emailaddress,contact email,
            work email,business email,primary email,email 1,email1,e mail 1 value,company email,
            person email,email work,corporate email,e-mail-adresse,email adresse,mailadresse,
            e-mail adresse,courriel,adresse e-mail,adresse email,adresse mail,adresse électronique,mél,
            correo,correo electrónico,dirección de correo,email de contacto,posta elettronica,
            indirizzo email,e-mailadres,e-postadress,e-post,epost,sähköposti,adres e-mail,adres email,
            электронная почта,邮箱
            """
        ),
        (
            .field(.phone),
            """
            phone,phone number,telephone,telephone number,tel,tel no,phone no,mobile,mobile phone,
            mobile number,cell,cell phone,cellphone,work phone,business phone,direct phone,
            work direct phone,direct dial,company phone,corporate phone,phone 1,phone1,phone 1 value,
            contact phone,contact number,office phone,main phone,primary phone,home phone,other phone,
            telefon,telefonnummer,rufnummer,tel-nr,tel nr,mobil,mobiltelefon,mobilnummer,handy,
            handynummer,durchwahl,festnetz,téléphone,numéro de téléphone,portable,téléphone portable,
            tél,téléphone mobile,teléfono,número de teléfono,móvil,celular,teléfono móvil,telefono,
            numero di telefono,cellulare,telefone,telemóvel,telefoonnummer,telefoon,mobiel,telefonnr,
            mobilnr,puhelin,numer telefonu,telefon komórkowy,telefonní číslo,whatsapp,whatsapp number
            """
        ),
        (
            .field(.linkedinURL),
            """
            linkedin,linkedin url,linkedin profile,linkedin link,person linkedin url,
            linkedin profile url,contact linkedin,li url,linkedinurl,company linkedin url,
            company linkedin,linkedin company page,linkedin profil,profil linkedin,perfil de linkedin,
            profilo linkedin,linkedin contact profile url,linkedin bio
            """
        ),
        (
            .field(.source),
            """
            source,lead source,leadsource,original source,source of lead,channel,acquisition channel,
            utm source,referrer,how did you hear about us,list name,quelle,herkunft,leadquelle,
            lead-quelle,kanal,origine,source du lead,provenance,origen,fuente,origen del lead,fonte,
            provenienza,origem,bron,källa,kilde,źródło,zdroj
            """
        ),
        (
            .field(.status),
            """
            status,lead status,stage,lead stage,lifecycle stage,deal stage,contact status,state of lead,
            pipeline stage,phase,lead-status,statut,statut du lead,étape,estado del lead,etapa,fase,
            stato del lead,stadio,situação,stav
            """
        ),
        (
            .field(.budget),
            """
            budget,monthly budget,marketing budget,budget per month,ad spend,monthly ad spend,
            budget monat,monatsbudget,monatliches budget,werbebudget,marketingbudget,budget mensuel,
            presupuesto,presupuesto mensual,orçamento,orçamento mensal,budget mensile,budżet,rozpočet,
            estimated budget,project budget
            """
        ),
        (
            .field(.timelineDays),
            """
            timeline,timeline days,timeframe,time frame,buying timeline,purchase timeframe,
            decision timeline,days to decision,zeitrahmen,zeithorizont,kaufzeitpunkt,délai,échéance,
            plazo,tempistica,prazo,tijdlijn,tidsram
            """
        ),
        (
            .field(.authority),
            """
            authority,is decision maker,decision-maker,decision authority,buying authority,entscheider,
            entscheidungsbefugt,décideur,est décideur,decisor,tomador de decisão,decisore,beslisser
            """
        ),
        (
            .field(.painPoints),
            """
            pain points,pain point,pains,challenges,challenge,problems,needs,business challenges,
            main challenge,herausforderungen,herausforderung,probleme,bedarf,schmerzpunkte,besoins,
            problématiques,défis,retos,desafíos,necesidades,puntos de dolor,sfide,esigenze,desafios,
            dores,uitdagingen,utmaningar
            """
        ),
        (
            .field(.tags),
            """
            tags,tag,labels,label,keywords,lists,groups,group membership,schlagworte,schlagwörter,
            etiketten,stichworte,étiquettes,libellés,mots-clés,etiquetas,etichette,marcadores,
            trefwoorden,taggar,tagi,štítky
            """
        ),
        (
            .field(.notes),
            """
            notes,note,comment,comments,remarks,remark,description,message,details,
            additional information,further information,your message,memo,bemerkung,bemerkungen,notiz,
            notizen,kommentar,kommentare,anmerkung,anmerkungen,beschreibung,nachricht,remarques,
            commentaire,commentaires,notas,comentarios,observaciones,mensaje,osservazioni,commenti,
            observações,comentários,opmerkingen,notities,anteckningar,kommentarer,bemerkninger,
            huomautukset,uwagi,notatki,poznámka,poznámky
            """
        ),
        (.externalID("external"), "external id,externalid,external identifier,externe id"),
        (.externalID("crm"), "crm id,crmid,crm record id"),
        (.externalID("hubspot"), "hubspot id,hubspot contact id,hubspot record id,hs object id"),
        (.externalID("salesforce"), "salesforce id,sfdc id,salesforce lead id,salesforce contact id,sf id"),
        (.externalID("pipedrive"), "pipedrive id"),
        (.externalID("zoho"), "zoho id,zoho record id"),
        (.externalID("apollo"), "apollo contact id,apollo id"),
        (
            .consent,
            """
            consent,marketing consent,gdpr consent,opt in,opted in,optin,email opt in,
            newsletter consent,permission,einwilligung,werbeeinwilligung,dsgvo,dsgvo einwilligung,
            consentement,consentimiento,consenso,toestemming,samtycke,zgoda
            """
        ),
        (
            .doNotContact,
            """
            do not contact,dnc,do not call,do not email,opt out,opted out,email opt out,
            has opted out of email,unsubscribed,unsubscribed from all email,suppressed,suppression,
            blacklist,blacklisted,keine werbung,werbesperre,sperrvermerk,kontaktsperre,
            nicht kontaktieren,abgemeldet,désinscrit,désabonné,ne pas contacter,opposition,no contactar,
            dado de baja,non contattare,disiscritto,não contactar,niet contacteren
            """
        ),
    ]
}
