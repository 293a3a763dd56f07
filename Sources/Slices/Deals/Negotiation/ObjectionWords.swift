/// The library of answers that a new agency begins with, in French and Spanish.
let frenchObjections: [(ObjectionKind, String, String)] = [
    (
        .price, "C’est trop cher",
        "Que faudrait-il que cela rapporte pour que ce soit bon marché ? Calculons-le ensemble ; si le compte n’y est pas, "
            + "nous commençons par moins."
    ),
    (
        .timing, "Pas maintenant",
        "Quel serait le bon moment, et que doit-il se passer d’ici là ? Nous écrirons alors, et pas avant."
    ),
    (
        .competitor, "Nous parlons aussi à d’autres",
        "C’est raisonnable. Qu’est-ce qui compte le plus dans votre choix ? Nous dirons franchement où nous convenons "
            + "mieux, et où non."
    ),
    (
        .inHouse, "Nous le faisons nous-mêmes",
        "Tant mieux, la plupart de nos clients aussi. À quoi votre équipe n’arrive-t-elle pas ? C’est là que nous commençons."
    ),
    (
        .noNeed, "Nous n’en avons pas besoin",
        "Alors ne parlons pas de prestations. Qu’aimeriez-vous voir changer dans six mois ?"
    ),
    (
        .trust, "Comment savoir que cela marche ?",
        "Par les chiffres de clients comme vous, et par un premier mois dont nous fixons le but ensemble, à l’avance."
    ),
    (
        .authority, "Quelqu’un d’autre décide",
        "Qui est-ce, et que veut savoir cette personne ? Nous écrirons volontiers une page que vous pourrez transmettre."
    ),
    (
        .contract, "Nous ne voulons pas nous engager",
        "Qu’est-ce qui vous rassurerait : une durée plus courte, une sortie après le premier trimestre, ou autre chose ?"
    ),
    (.other, "Autre chose", "Dites-nous-en plus, pour que nous répondions à ce que vous voulez dire."),
]

let spanishObjections: [(ObjectionKind, String, String)] = [
    (
        .price, "Es demasiado caro",
        "¿Qué tendría que aportar para que fuera barato? Calculémoslo juntos; si no salen las cuentas, empezamos con menos."
    ),
    (
        .timing, "Ahora no",
        "¿Cuándo sería un buen momento, y qué tiene que pasar hasta entonces? Escribiremos entonces, y no antes."
    ),
    (
        .competitor, "Hablamos también con otros",
        "Es razonable. ¿Qué es lo que más pesa en su elección? Diremos con franqueza dónde encajamos mejor y dónde no."
    ),
    (
        .inHouse, "Lo hacemos nosotros",
        "Muy bien, también lo hace la mayoría de nuestros clientes. ¿A qué no llega su equipo? Ahí empezamos."
    ),
    (
        .noNeed, "No lo necesitamos",
        "Entonces no hablemos de servicios. ¿Qué les gustaría que fuera distinto dentro de medio año?"
    ),
    (
        .trust, "¿Cómo sabemos que funciona?",
        "Por las cifras de clientes como ustedes, y por un primer mes con un objetivo que acordamos de antemano."
    ),
    (
        .authority, "Decide otra persona",
        "¿Quién es, y qué quiere saber? Con gusto escribimos una página que pueda pasarle."
    ),
    (
        .contract, "No queremos atarnos",
        "¿Qué les dejaría tranquilos: un plazo más corto, una salida tras el primer trimestre u otra cosa?"
    ),
    (.other, "Otra cosa", "Cuéntenos más, para que respondamos a lo que quiere decir."),
]
