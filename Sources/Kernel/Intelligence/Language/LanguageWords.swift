/// The words that every text of a language is full of, without accents, as people in a hurry write them.
enum LanguageWords {
    static let words: KeyValuePairs<String, String> = [
        "en":
            "the of and to in is you that it he was for on are with as i his they be at this have from or had by not but what all were we when your can said there use an each which she do how their if will up other about out many then them these so some her would like him into has more no way could people my than first been who its now made may get our please thanks just still any after need want does did don't cant isn't",
        "de":
            "der die das und ist ich nicht zu den mit sich des auf fur von dem ein eine es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem uber einen so zum war haben nur oder aber vor zur bis mehr durch man sein wurde wenn kann ihr wir uns mein meine ihre bitte auch schon keine kein mir mich sehr jetzt hier doch immer was wer wo gibt mal danke",
        "fr":
            "le la les de des et est un une du en que qui dans pour pas sur ce il au ne se plus par je avec tout son sa ses mais nous vous elle ils comme ou si leur y dont cette ces c'est bien aussi sans fait deux meme tres j'ai votre notre mon ma mes merci bonjour quand ont etre avoir sont qu aux ca suis etait moi faire peut",
        "es":
            "el la los las de que y en un una es se no por con para su lo como mas al del pero sus le ya o este si porque esta entre cuando muy sin sobre tambien me hasta hay donde quien desde todo nos durante todos uno les ni contra otros fue ese eso mi tengo estoy gracias hola usted son ha han era soy esta muy algo bien tu tiene puede",
        "it":
            "il lo la i gli le di che e un una in per non con sono si da del della dei al alla come piu ma anche se mi ho questo questa nel nella ci ha quando cosa molto su era stato essere dal dalla tutti solo o dove grazie ciao perche mio suo loro fatto fare c'e hanno degli delle ai io lui lei noi abbiamo sempre ancora bene",
        "pt":
            "o a os as de que e do da em um uma para com nao por mais dos das se na no ao como mas foi ele ela eu seu sua ou quando muito nos ja esta isso tambem so pelo pela ate entre sem mesmo aos seus quem nas me esse eles voce tem ser ha era minha meu obrigado ola sao estao fazer depois bem num numa ainda pode",
        "nl":
            "de het een en van in is dat op te zijn met voor niet aan er die ik je was als maar om dan zou of wat mijn men dit zo door over ze zich bij ook tot uit naar kan heb hoe heeft wij wel geen nog worden werd hun meer al hij haar u uw ons deze jullie we bedankt graag veel moet hebben kunnen gaan nu hier waar",
        "sv":
            "och att det i en som pa ar av for med till den har de inte om ett han men var jag fran vi sa kan nar hon skulle ska sig eller du ut sin efter mycket hade nu bara vad detta sedan under varit ocksa dig mig min mitt alla finns blir vill tack hej ni er hur mer an dar ingen",
        "da":
            "og at det i en som pa er af for med til den har de ikke om et han men var jeg fra vi sa kan nar hun skulle skal sig eller du ud sin efter meget havde nu bare hvad dette siden under vaeret ogsaa ogsa dig mig min mit alle blev vil tak hej hvor mere end der ingen efter blive bliver hvis af noget nogle nar deres",
        "nb":
            "og at det i en som pa er av for med til den har de ikke om et han men var jeg fra vi sa kan nar hun skulle skal seg eller du ut sin etter mye hadde na bare hva dette siden under vaert ogsa deg meg min mitt alle ble vil takk hei hvor mer enn der ingen etter bli blir hvis noe noen deres",
        "fi":
            "ja on ei se etta oli en han mutta niin kun minun tai olen joka myos kuin ovat sen hanen mina sina me te he tama ole voi vain jos nyt ovat olla kanssa sitten ollut mita mika kaikki jo viela hyvin paljon minulla kiitos hei mutta siita ennen jalkeen kuten eivat",
        "pl":
            "i w nie na z sie do to jest ze o jak ale po co tak za od przez jego dla czy ma juz jestem byl tylko jej ich moze mnie ten tego byc bylo mi bo go lub przy oraz sa ktory ktora ktore moje moj dziekuje prosze kiedy bardzo jeszcze wszystko mam gdzie pan pani nad pod tym",
        "cs":
            "a v se na je ze to s z do i o k jako by za ve jsem ale po pro jeho si tak co jak nebo aby jen uz byl byla bylo jsou ma mi kdyz pri od ktery ktera ktere take podle mezi jeste muze jste jsme dekuji prosim velmi kde svou svych jejich neni pred tim te ho",
        "ro":
            "si de la in a nu cu pe un o ca este se din care pentru mai sa au fost am sunt ce dar al lui ii le cand prin dupa fi era daca sau cum ei ea el noi voi foarte asta acest aceasta toate multumesc buna imi ne va nici doar despre fara ale cele cel cea lor avea ar unde",
        "hu":
            "a az es hogy nem is egy van meg csak de ezt azt mar volt ha kell mint nagyon en te o mi ti ok vagy akkor most itt ott lesz fel ki be le el minden igen mert amely ami aki koszonom kerem szia jo sem tobb utan alatt meg neki nekem hogyan mikor hol vagyok lehet volt ezek olyan",
        "tr":
            "ve bir bu da de icin ile cok ne o gibi daha var ben sen biz siz onlar mi mu ama en kadar sonra her olarak olan degil ya ki diye hic nasil neden nerede kim sey yok evet hayir tesekkurler lutfen merhaba oldu olur ise gore bana sana benim senin bunu onu simdi",
        "vi":
            "va la cua co khong cho mot cac nhung duoc toi ban trong voi den nguoi nay khi da se ra o lam cung ve nhu tu hay neu anh chi em rat nhieu con phai thi biet hon vao theo tai cam on xin chao gi nam",
        "id":
            "yang dan di untuk ini itu dengan tidak dari dalam akan pada juga saya ke karena tersebut bisa ada mereka lebih kami kita kamu dia atau telah sudah adalah oleh anda sebagai seperti saat belum hanya jika harus terima kasih apa bagaimana banyak satu orang setelah para hari tahun",
        "hr":
            "i u je na se da su za od s o a ne to kao ali koji koja koje sam biti bio bila iz ili sto samo po do jos vec ima nije kako te ga mi ti smo ste bi ako kada gdje zbog prema nakon hvala molim dobar vrlo sve njegov nego ovaj ova ovo moze mogu godine kod",
    ]
}
