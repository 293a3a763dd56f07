/// How good or bad English words sound, from 4 to -4. A star stands for any ending.
enum EnglishValences {
    static let lines = """
        4: amazing awesome outstanding phenomenal magnificent superb brilliant masterpiece flawless flawlessly exceptional extraordinary spectacular breathtaking
        4: excellent excellently perfect perfectly perfection wonderful wonderfully fantastic fantastically incredible incredibly marvelous marvellous terrific stellar
        3: great love loved loves loving adore adored adorable beautiful beautifully beauty delicious delightful delight delighted best gorgeous fabulous
        3: thrilled thrilling happy happiest happiness happily joy joyful joyous ecstatic awe stunning stunned impress impressed impressive impresses hilarious
        3: genius win winner winning won superbly greatest lovely yummy heavenly divine glorious triumph ideal legendary gem treat bliss blessed
        3: excited exciting excitement fun funny funniest favorite favourite favorites unforgettable captivating enchanting charming charm finest first-rate
        3: recommend recommended recommending recommendable must-see must-have grateful gratitude thankful appreciated appreciate appreciates appreciation praise praised
        3: congratulations congrats celebrate celebrated celebration cheers yay hooray woohoo bravo kudos hurrah wow
        2: good nice nicely well enjoy enjoyed enjoying enjoyable enjoys enjoyment pleasant pleasantly pleased pleasing pleasure satisfied satisfying satisfaction
        2: friendly kind kindly kindness helpful helped attentive courteous polite professional professionally skilled talented talent gifted clever smart intelligent
        2: fresh tasty flavorful flavourful tender juicy crisp crispy delectable authentic cozy cosy comfortable comfortably comfort comfy clean spotless elegant
        2: fast quick quickly prompt promptly speedy efficient efficiently easy easily effortless effortlessly smooth smoothly simple handy convenient convenience
        2: reliable reliably sturdy durable solid sleek crystal-clear loud-clear powerful strong sharp bright crisp vivid rich
        2: interesting fascinating engaging engrossing compelling gripping touching moving inspired inspiring inspiration inspirational creative imaginative
        2: imagination original witty wit humor humorous laugh laughed laughs laughing smile smiled smiles smiling clever cool neat sweet cute
        2: worth worthwhile worthy valuable value bargain deal deals affordable reasonable reasonably fair generous generously free bonus gift
        2: better improve improved improves improvement improvements improving upgrade upgraded success successful successfully succeed succeeded accomplished
        2: thank thanks thx thankyou glad gladly welcome welcoming warm warmth hope hopeful hopefully looking-forward forward
        2: trust trusted trustworthy honest honesty sincere loyal loyalty respect respected respectful integrity safe secure hero heroic
        2: positive positively popular proud pride memorable remarkable noteworthy top notch superior premium quality classy classic class
        2: fan fans star stars strongly-recommend stylish realistic believable convincing subtle underrated talented gem intriguing refreshing refreshingly
        2: support supportive supports agree agreed agrees promising lucky luck fortunate fortunately wise wisely polished thorough thoroughly accurate accurately
        2: bless peace peaceful calm relaxed relaxing relax romantic passion passionate energetic lively vibrant festive party magical magic
        2: healthy healing heal wonderful-service pleasing fulfilling rewarding reward rewarded award awards awarded victory champion champions
        1: ok okay decent fine alright acceptable adequate fairly works worked working functional useful suitable fits fit compatible correct correctly
        1: right clear clearly like liked likes plus advantage advantages benefit benefits beneficial like-new new modern big large plenty huge-fan
        1: ready able capable solves solved fixed fix resolved resolve responsive prefer preferred glad interested interest want wanted wish
        1: special unique rare key effective effectively tremendous tremendously play played holiday weekend tonight birthday friend friends share care caring cares
        1: definitely absolutely truly genuinely certainly always forever continue back-again return everyone yes sure yeah yep haha lol hehe hahaha
        -1: ok-ish meh average mediocre bland plain so-so slow slowly wait waited waiting late lacking lack lacks lacked limited limits
        -1: small tiny thin tight short hard difficult difficulty complicated complex confusing-a-bit unclear unsure miss missed missing tired boring-ish
        -1: odd strange weird doubt doubts doubtful question-able issue issues concern concerned concerns sorry unfortunately however bit-disappointing
        -1: cheap cheaply pricey expensive overpriced costly cold dry hot-mess old dated outdated noisy loud low lower lost lose loses losing
        -1: stop stopped quit barely hardly forgot forgotten forget forgettable predictable alone crowded busy dark cut stuck leave left
        -1: unable average-at-best nothing none nowhere return-it returned returning replace replaced replacement died drops drop dropped
        -2: bad badly poor poorly worse disappointing disappointed disappointment disappoint disappoints dull boring bored bore bores flat flaw flaws flawed
        -2: fail failed fails failing failure failures problem problems problematic trouble troubles troubled error errors bug bugs buggy glitch glitchy defect defects
        -2: defective broken broke break breaks breaking crash crashed crashes crashing unreliable inaccurate wrong wrongly mistake mistakes incorrect incorrectly
        -2: annoy annoyed annoying annoys irritated irritating irritate frustrat* upset upsetting unhappy unsatisfied dissatisfied unsatisfactory unpleasant
        -2: rude rudely rudeness unfriendly unprofessional impolite careless ignorant ignore ignored ignores ignoring neglect neglected inattentive indifferent
        -2: dirty filthy stale greasy soggy tasteless flavorless flavourless undercooked overcooked burnt burned smelly stink stinks stank mushy rubbery rancid
        -2: confus* mess messy sloppy cheesy cheap-feeling cheapest clumsy awkward uncomfortable painful pain hurt hurts hurting sore sick sickening
        -2: waste wasted wasting regret regretted regrets pointless meaningless useless unusable unwatchable uninteresting uninspired unfunny unconvincing unimpressive
        -2: weak lame silly stupid dumb idiotic ridiculous ridiculously absurd nonsense junk trash trashy crap crappy crapfest rubbish garbage
        -2: difficult-to impossible refuse refused refuses deny denied rejected reject complain complained complaint complaints complaining blame blamed
        -2: angry anger mad annoyed fear afraid scared scary worry worried worries worrying anxious nervous stress stressed stressful panic
        -2: sad sadly sadness cry cried crying tears depressed depressing depression lonely miserable misery gloomy grim tragic tragedy
        -2: lie lied lies liar lying cheat cheated cheating fake fraud misleading mislead misled dishonest scam scams scammed rip ripoff rip-off
        -2: steal stole stolen thief crime criminal guilty jail war attack attacks attacked kill killed killing kills dead death die dies dying bomb
        -2: threat threats threatened threaten danger dangerous risk risky unsafe violent violence terror terrorist terrorists abuse abused victim victims
        -2: delay delayed delays cancel cancelled canceled unacceptable inexcusable unfair unjust unprepared underwhelming underwhelmed overrated overhyped
        -2: poorest inferior subpar mediocre-at crashing skip avoid avoided avoiding beware warn warned warning never-again poorly-made unwelcome negative
        -2: lousy shoddy flimsy sucks sucked suck sucky sux damn hell bullshit bs fake wtf ugh yuck eww gross nasty creepy pathetic pitiful
        -2: plot-holes cliche cliched cliches contrived pretentious tedious tiresome drag drags dragged slow-moving lacks-depth amateurish wooden hollow shallow
        -2: racist racism sexist corrupt corruption protest protests crisis collapse bankrupt bankruptcy injured injury ill illness disease cancer virus
        -3: worst terrible terribly horrible horribly awful awfully dreadful dreadfully atrocious appalling abysmal horrendous horrid disgusting disgusted disgust
        -3: hate hated hates hating hatred despise loathe detest disgrace disgraceful shame shameful shameless embarrassing embarrassed embarrassment insult insulted insulting
        -3: furious outraged outrage outrageous livid rage raging disaster disastrous catastrophe catastrophic nightmare torture torturous agony unbearable
        -3: worthless hopeless incompetent incompetence idiot idiots moron morons fool fuck fucking fucked shit shitty asshole bitch bastard
        -3: ruin ruined ruins ruining destroy destroyed destroys devastated devastating heartbroken heartbreaking horrific evil vile repulsive revolting poison poisoning
        """

    /// Several words that mean another thing together.
    static let phrases = """
        4: blown away|off-my-feet
        4: second|2nd to none
        4: 5|five|10|ten stars|star
        3: highly|strongly|definitely|would|can|thoroughly ~1 recommend
        3: cant|cannot|couldnt|could not ~1 recommend enough|highly
        3: well|totally|definitely|so worth
        3: must have|see|buy|try
        3: two thumbs up
        3: thumbs up
        3: cant|couldnt wait
        3: can|could not wait
        3: couldnt|cant|could|not ~1 be happier|better|easier|simpler|more
        3: will|shall|ill|well ~2 be back|returning
        3: come|coming|go|going|came|went back again|for|soon|every|and
        3: keep up the good|great
        3: hit|hits|nailed the|it spot|nail|mark
        3: spot on
        3: top notch|quality|marks
        3: looking|look forward
        3: thank you
        2: no|not|without|never|havent ~3 problem|problems|complaints|complaint|issues|issue|trouble|regrets|dropped|worries|disappointed|disappoint|disappoints|fail|fails
        2: not|isnt|wasnt|arent|werent|nothing too|so|that|half|at bad|all
        2: not bad
        2: not only
        2: for the price|money
        2: great|good|excellent|fair price|value|deal
        2: as described|advertised|expected|promised
        2: on time
        2: easy to
        2: works|work|worked|working ~1 great|well|fine|perfectly|good|flawlessly|excellent
        2: long|good|great battery
        2: stays|stay|holds|hold up|together|well|on
        2: laugh|laughed out loud
        2: wait to see|go|try
        2: every|worth penny|bite|minute|cent|second
        2: at its best|finest
        2: never|not|nothing been ~1 better|happier
        -4: never|not|wont|wouldnt ~3 again|return|back|recommend|buy|go
        -4: zero|0|no|1|one stars|star
        -4: stay|steer|keep|run|stayed away|clear|far
        -4: waste|wasted|wasting ~4 time|money|energy|film|day|life
        -4: want|wanted|get|give ~3 money|time back
        -3: do|does|did|would|could|can not recommend
        -3: dont|doesnt|didnt|wouldnt|cant|cannot|couldnt|wont|hardly ~1 recommend
        -3: dont|do not|not|never ~1 bother|waste|buy|go|order|eat|expect
        -3: not worth
        -3: isnt|wasnt|arent worth
        -3: save your
        -3: fell|falls|fall|falling|came|comes apart|off|out|short
        -3: let down|me
        -3: rip off
        -3: ripped off
        -3: not ~2 good|great|impressed|happy|satisfied|recommended|worth|like|enjoy|work|working|tasty|fresh|clean|friendly|helpful|up
        -3: doesnt|dont|didnt|wont|wouldnt|stopped|stops|quit|never|not work|working|works|worked|charge|fit|hold|turn
        -3: does|do|did not work|charge|fit|hold|turn
        -3: sent ~2 back
        -2: too|way|so ~1 expensive|slow|long|small|big|loud|much|many|short|salty|cold|hot|sweet|dry|tight|thin|bad|pricey|overpriced|hard|soft|heavy|weak
        -2: no|zero|little|lack|lacks|lacking|any flavor|flavour|taste|sense|plot|story|character|chemistry|humor|talent|effort|customer|reception|instructions|service
        -2: at best
        -2: took|waited|wait|waiting|waited ~3 hour|hours|minutes|forever|weeks|days|months
        -2: could|should|would have|be been|better|more|a|used
        -2: could|couldve|shouldve|wouldve|have been better|much
        -2: nothing special|new|interesting|to|but|more
        -2: used to be
        -2: low|poor|bad quality|budget|volume
        -2: after|within|in ~3 days|weeks|months|uses|week|month ~4 broke|died|stopped|quit|dead|failed
        -2: not even|enough|very|really|much|that|the|as|so|too|any
        -2: hard|difficult|impossible to
        -2: fed|sick up|of
        -2: what a shame|waste|joke|mess|disappointment|letdown
        -2: a joke
        -2: needs|need improvement|work
        -2: instead of
        -2: had to
        -2: never|not|no|hasnt|havent ~2 received|arrived|answered|replied|heard|came|refilled|showed|response|answer|reply
        -1: at least
        -1: supposed to
        -1: tried|trying to
        -1: even though|if
        -1: if ~6 want|like
        -1: i|we expected|thought|hoped
        0: the|your|their|our|customer|tech|technical|no|any support
        0: support team|desk|staff|ticket|tickets|is|was
        """
}
