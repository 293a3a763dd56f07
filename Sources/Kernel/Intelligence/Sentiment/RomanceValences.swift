/// How good or bad words sound in French, Spanish, Italian, Portuguese and Polish, from 4 to -4.
enum RomanceValences {
    static let french = """
        4: magnifique* excellent* parfait* extraordinaire* génial* geniale* fantastique* formidable* merveilleu* exceptionnel* superbe* sublime* incroyable* impeccable*
        3: super adore adoré adorable* amour aime aiment aimé bravo félicitation* heureu* ravi ravie ravis magique meilleur* top bonheur joie fier fière délicieu* splendide* enchanté* recommande vivement vive kiffe trop-bien belle beau beaux belles
        2: bon bonne bons bonnes bien merci mercis agréable* gentil* sympa* sympathique* aimable* utile* rapide* efficace* satisfait* content* drôle* intéressant* facile* propre* confortable* plaisir mieux réussi* réussite succès espoir espère gagné gagner victoire cool mignon* joli* jolie fiable* professionnel* doux douce chance sourire rire mdr ptdr haha hate accueillant* chaleureu*
        1.5: ok correct* marche fonctionne aide soutien intéresse fête vacances courage
        -1.5: dommage cher chère malheureusement lent* difficile* compliqué* attente attendre attends froid* bof moyen* fatigué* manque perdu perdre retard hélas seul
        -2: mauvais* mal pire problème* erreur* cassé* déçu* déception décevant* triste* nul nulle nuls sale sales colère énerv* agac* désagréable* impoli* inutile* ennuyeu* ennui bug* panne peur mort morts guerre malade* pleur* souffr* plainte* plaindre honte stupide* bête* con conne cons ridicule* faux panique stress* grave menace* accident attentat* crise échec raté* arnaque* menteur* mensonge* violence*
        -3: horrible* affreu* catastroph* scandal* honteu* inadmissible* inacceptable* déteste* haine hais merde putain dégoût* dégueu* connard* abruti* insupportable* lamentable* exécrable* pourri* ignoble* épouvantable* enculé
        """

    static let spanish = """
        4: excelente* perfecto perfecta fantástic* maravillos* increíble* extraordinari* espectacular* magnífic* genial* estupend* impresionante* brutal
        3: encanta encantan encantado encantada encantó amor amo amas adoro feliz felices felicidad felicidades enhorabuena mejor mejores precios* hermos* hermosa delicios* alegría alegre* bravo recomiendo recomendable* orgullos* guapo guapa guapos lindo linda preciosa viva ganar ganamos ganado campeón campeones querido querida
        2: bueno buena buenos buenas buen bien gracias agradable* amable* útil* rápid* eficaz eficiente* satisfech* content* divertid* interesante* fácil* limpi* cómod* gusta gustan gustó gusto bonit* bonita éxito* esperanza ojalá suerte sonrisa risa jaja jajaja ja gracioso simpátic* agradezco agradecid* ilusión abrazo besos beso disfrut* tranquil* fiable* profesional* chulo chula mola
        1.5: ok vale funciona correct* ayuda ayudó apoyo fiesta vacaciones interesa ganas
        -1.5: lástima caro cara lent* difícil* complicad* espera esperando frío fria cansad* regular falta faltan perdido perder tarde sueño echo-de-menos desgraciadamente lamentablemente sola solo
        -2: mal malo mala malos malas peor peores problema* error* fallo* falla rot* decepcion* triste* tristeza suci* enfad* molest* desagradable* inútil* aburrid* miedo muerte muerto muertos guerra enferm* llor* dolor duele queja* quejar verguenza vergüenza estúpid* tont* ridícul* fals* grave estrés* odiosa estafa* mentira* mentiros* corrupt* corrupción violencia culpa crisis injust* preocup* pena matar asesin* nervios* nadie
        -3: horrible* pésim* terrible* asco asquer* odio odia odias mierda puta puto joder cabrón* idiota* gilipollas imbécil* basura desastre* inaceptable* vergonzos* lamentable* fatal espantos* insoportable* cagada
        """

    static let italian = """
        4: eccellent* perfett* fantastic* meraviglios* incredibil* straordinari* magnific* splendid* ottim* eccezional* spettacolar* stupend*
        3: adoro amo amore bellissim* bell* felice felici felicità migliore migliori bravo brava bravissim* complimenti consiglio consigliat* consigliatissim* delizios* gioia vittoria fier* evviva super
        2: buon* bene grazie gentil* disponibil* utile utili veloc* rapid* efficac* soddisfatt* content* piace piaciut* piacevol* divertent* interessant* facil* pulit* comod* simpatic* carin* successo speranza spero fortuna sorriso affidabil* professional* gradevol* meglio piacere cortes*
        1.5: ok funziona corrett* aiuto aiutat*
        -1.5: purtroppo peccato car* lent* difficil* complicat* attesa aspetta* freddo stanc* manca mancano perso ritardo
        -2: male cattiv* pegg* problem* errore errori rott* delus* deludent* triste* sporc* arrabbiat* fastidi* sgarbat* maleducat* inutil* noios* paura morte mort* guerra malat* dolore lament* vergogna stupid* ridicol* falso truffa* bugi* preoccupat* scadent* brutt* crisi
        -3: orribil* pessim* terribil* schif* odio odia merda cazzo idiota* disastr* inaccettabil* vergognos* insopportabil* indecent* disgustos*
        """

    static let portuguese = """
        4: excelente* perfeit* fantástic* maravilhos* incrível* extraordinári* espetacular* magnífic* ótim* óptim* sensacional*
        3: adoro adorei amo amei amor feliz felizes felicidade parabéns melhor melhores lind* recomendo delicios* alegria bravo orgulh* top vitória
        2: bom boa bons boas bem obrigad* agradáve* simpátic* útil* rápid* eficiente* satisfeit* content* divertid* interessante* fácil* limp* confortáve* gosto gostei bonit* sucesso esperança sorte sorriso kkk kkkk rs fiáve* confiáve* profissional* prestáve* gentil* atencios*
        1.5: ok funciona corret* ajuda ajudou novo nova festa
        -1.5: infelizmente pena caro cara lent* difícil* complicad* espera esperando fri* cansad* falta perdi atraso
        -2: mal mau má maus más pior problema* erro erros avaria* quebrad* dececion* decepcion* triste* suj* irritad* chatead* desagradáve* inútil* chato medo morte guerra doente* dor queixa* reclama* vergonha estúpid* ridícul* falso fraude burla mentira* preocup* grosseir*
        -3: horríve* péssim* terríve* nojo nojent* odeio ódio merda porra idiota* lixo desastre* inaceitáve* vergonhos* lamentáve*
        """

    static let polish = """
        4: doskonał* wspaniał* fantastyczn* świetn* rewelacyjn* genialn* idealn* znakomit* cudown*
        3: super kocham uwielbiam najleps* polecam piękn* szczęśliw* gratulacje brawo pyszn*
        2: dobr* dobrze miły miła miło dziękuję dzięki pomocn* szybk* zadowolon* ładn* fajn* ciekaw* łatw* wygodn* czyst* sukces lepsz* lepiej
        1.5: ok działa pomaga
        -1.5: niestety szkoda drogi droga drogo woln* trudn* zimn* brakuje
        -2: zły zła źle słab* problem* błąd błędy zepsut* rozczarowan* smutn* brudn* niemił* denerwując* nudn* bezużyteczn* gorsz* gorzej skarg* głup*
        -3: okropn* straszn* fataln* beznadziejn* tragiczn* nienawidzę koszmar* skandal* gówno kurwa oszust* żenując*
        """
}
