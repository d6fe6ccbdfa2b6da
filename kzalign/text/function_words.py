"""Words and endings by which a sentence's language is known: the commonest of each language that the others lack."""

import re

KAZAKH = frozenset(
    """
    мен бен пен да де та те және өз өзі өте көп сөз әлем бөлім әсер нәтиже өмір даму дамыту үлкен дәл әр бар емес
    болып болса болды болатын болады болуы туралы байланысты бойынша арасында арасындағы
    сондай ретінде сай дейін кейін соң бола ол олар олардың оның бір бірі бірге жаны жаңа кез осы сол сонымен алу алып беру
    бере отырып отыр келе жатыр жатқан туындаған атап айтқанда арналған арналды жасалды жасалған жасау талданды талдау
    пайдалану пайдаланып мақалада мақалас мақаланы мақала зерттеу зерттеуде жол жасалынды сипатталады сипаттайды баяндалады
    айтылады аталған анализі бірақ немесе яки ал тек барлық барысында бойы орта ортасында жылы жылдары жылдар
    жылдардағы мекен адам адамдар сол сонда мына бұдан бұл анда онда енді тура басты мемлекет аса
    """.split()
)
"""Frequent Kazakh words, mostly without a letter that Russian lacks."""

RUSSIAN = frozenset(
    """
    и в во на с со по для что не от из к ко как это этот этой эта эти этих этого этом при о об у а но или же бы то так его её
    ее их она они оно было был была были быть есть является являются также между за до над под через после который которая
    которые которых которого которой которую котором где когда если чтобы только более наиболее всех все всего весь
    себя свои своей своих мы нас наш они им ними ней нее него том тем чем этому данной данного данная данные данных
    статье статья статьи исследования исследование исследовании анализ работы работе автор авторы автора авторами
    рассматривается рассматриваются показано показаны проведен проведено проведены сделан сделаны описаны представлены
    представлен представлена года году годов век века ряд ряда среди без благодаря целью цель цели задачи
    результаты результате результатов может могут должны должен можно необходимо изучены изучено исследованы
    """.split()
)

ENGLISH = frozenset(
    """
    the of and to a an are for that this these those with as by was were be been being from it its at which or has have had
    not their they them there than then can could may might must should will would into also between we our us you your his
    her he she who whom whose what when where while how why such both each every some any all most more less other others
    using used use about after before during through within without under over based article paper study research authors
    author results result method methods is in on if but so up out due only new main according however thus therefore
    january february march april june july august september october november december region year years per first second new
    """.split()
)

KAZAKH_SKELETONS = frozenset(
    """
    aitti alip arbir baska berdi beri birge birinshi birneshe bizdin bul degen deingi eken iagni jalpi jil jildan jildin
    jilga jilgi jok jol juma jumada kana karai karsi katisti keingi keldi kelip kerek kop kuni kuradi memlekettik men meni
    mln mlrd ol olarga oni osi satip sebebi sosin tagi taldanadi tenge tilinde zerteu
    """.split()
)
"""Frequent Kazakh words that KAZAKH and FREQUENT_KAZAKH lack, in the skeleton of all alphabets."""

RUSSIAN_SKELETONS = frozenset("dlia dlja chto kak iz ot eto etot pri ili bil bila bili ih takje kotorie kotori etoi".split())

SHARED = frozenset("да бар ал алып жол адам бере келе мен болсо көп өз көл сөз көз күн анда сай же".split())
"""Words of Kazakh that are also Kyrgyz, Tatar, Bulgarian or Serbian."""

ELSEWHERE = frozenset(
    """
    der das und ist von mit dem für des eine einer nicht werden im zu auf oder als auch sich durch bei zum zur nach
    le la les du et une dans sur est pour par qui que ou au aux ce avec los las del es con una como para por se
    il di che della non sono gli het van dat voor niet och att som av na je jest oraz się nie
    ve ile için olarak bu daha çok olan gibi kadar sonra ancak değil veya ise hem ama göre üzere tarafından olduğu diye
    nasıl şu böyle hiç bile yine sadece birlikte içinde büyük yeni iki önemli şey onun bunun var yok mı və ilə üçün hər
    va uchun bilan ham ushbu yoki emas shu lekin uning ular ularning hamda juda bo'lgan bo'lib bo'ladi bo'lish
    bo'yicha bo'lsa o'zbekiston qilish qilgan qiladi qilib qilingan bilen üchün hemme
    і й що є або які який яка яке його її від під між про це бути має може також було були якої яких з гэта ад яго
    са се със във която който които това тези трябва бъде ще като със един една су је био који која од свако бити треба
    његов њихов које није ће
    жана менен бул катары үчүн болгон болуп ошол анын эле эмес эки бир жок кийин кыргыз боюнча чоң үч жаңы кандай дагы эмне
    ошондой мурда кылган кылуу
    һәм белән өчен бу булган булып бер дә буенча яки ул аның шул иде кеше менән өсөн булған бында уның йәки
    ва билан учун ушбу дар ин эга ёки унинг бўлган керак лозим шу нь энэ бол байна болон юм бөгөөд хүн эрх
    ۋە بىلەن بۇ ھەم شۇ ھەر قىلىش قىلدى بولۇپ
    """.split()
)
"""Frequent words of languages taken for one of the three: of western Europe, Turkish, Azerbaijani, Uzbek, Uyghur, Ukrainian,
Belarusian, Bulgarian, Serbian, Kyrgyz, Tatar, Bashkir, Tajik and Mongolian."""

NOT_KAZAKH_ENDING = tuple(
    """
    нинг диган ларни ларга лган лганы зган зганы шган шганы айган айганы арган арганы инин ринде илген
    ирген ийн ийг ыг аар гүй сэн дэг тэй ння нню ття ць цца ість ості ів тися ють
    """.split()
)
"""Endings of Uzbek, of Kyrgyz and Tatar, of Mongolian, of Ukrainian and Belarusian."""

NOT_KAZAKH = re.compile(
    # of Uzbek; of Kyrgyz; of Ukrainian; of Bulgarian and Tatar
    r"моқда|өө|үү|ээ|аа|\w\w(?<!вак)уу|[кг]ы(?<!дагы)(?<!тагы)|[лзш]гандар|ськ|ъ(?![еёюяи])"
    # vowels of the first syllable in a later one, but for compounds
    r"|^(?![^ғқұі]*[ғқұі])\w*[аеиоуыэюяәөү]\w*[әөү](?<!сө|кө|гү|жү|кү)"
)
"""What no word of Kazakh in Cyrillic has."""

FOREIGN_I = re.compile(r"^(?!кітап|кіш|бір|біз)\w*і\w*[аоыяю]")
"""A word in which a back vowel follows і, but for some of Kazakh."""

KAZAKH_LATIN_OWN = re.compile(r"[ǵñńūŋ]|[aeiouyáóúýäöü]ı|ı[aeouyáóúýäöü]|\w[iscnyu]'(?!(?:s|t|re|ll|ve|d)$)")
KAZAKH_LATIN_SIGN = re.compile(r"q(?!u)|\wgha|ghy|zh[aeyıi]|[bdfgjklmnprstzşğh]y[bdgklmnprstzşğñń]")
"""What Kazakh in a Latin alphabet has and Turkish has not, and what Uzbek or Uyghur may have as well."""

NOT_KAZAKH_LATIN_ENDING = tuple(
    """
    bning dning gning kning lning mning pning sning tning vning zning 'ning larning sining gining rining tining moqda
    digan dighan larni yapti lishi lishga lishni lishda lishdan lishqa rishi rishga rishni rishda rishdan rishqa tishi
    tishga tishni tishda tishdan tishqa nishi nishga nishni nishda nishdan nishqa mak mek makta mekte dır dir dur dür
    tır tir tur tür ması masi mesı mesi masın masin mesın mesin arak
    """.split()
)
"""Endings of Uzbek, Uyghur and Turkish."""

NOT_KAZAKH_LATIN = re.compile(
    # of Turkish and Azerbaijani
    r"[ıiuü]yor|(?<!k)erek$|m[ıiuü]ş(?:t|l|$)|[ae]c[ae][kğ]|d[ıiuü]ğ|^x[aiou]|[^e]x[ao]|arix|ä\w*ä|[aeıioöuüäə]\w*[öüə](?<!sö|kö|jü|kü|gü)"
    # back vowels beside k, and beside ı, which is front where y is not
    r"|^(?=.*[ığşüö])(?=.*(?:[aou]k|k[aou]))|^(?!.*[bdfghjklmnprstzş]y(?![aeiouıöü])|.*q)(?:.*[ao].*ı|.*ı.*[ao])"
    # of Uzbek and Uyghur
    r"|[eiéë]q|q[ei](?!y)"
)
"""What hardly any word of Kazakh in Latin letters has that shows no letter of its own."""

NOT_KAZAKH_ARABIC = re.compile(r"ۇ(?:\w*ۇ|$)")
"""Rounded vowels where Uyghur has them, and Kazakh has not."""

KAZAKH_ENDING = tuple(
    """
    лар лары лардың ларды ларда ларын дары дарды дарын тары тарды тарын ында ына ының асы йды ады ушы дан тан нан лап
    ланып атын етін лау лану дағы дегі тағы тегі ға ге қа дай дей сыз сіз лық лік ған ген
    """.split()
)
RUSSIAN_ENDING = tuple(
    """
    ого его ому ему ыми ими ых ые ая яя ое ость ости остью ение ения ений ению ении ание ания аний анию ании ство ства
    ству стве ться тся ции ций цию цией ами ями иях ует ают яют ены ена ено аны ана ано ский ские ских ской ным ной
    ную овой ивно тельно ически ующих ающих ивает ый ющий щие вший ило или ила
    """.split()
)
ENGLISH_ENDING = tuple(
    """
    tion sion ing ings ed ment ity ly ness ive ous able ible ance ence ences ship ism ogy tic tics ful less cy ies ts
    rs ns al or ure ures ian
    """.split()
)
ENGLISH_SIGN = re.compile(r"th|wh|ck|ee|ea|oo|ow|igh|[^aeiou](?:le|es)$|ss|'s$")
"""What English words have more often than those of Kazakh in Latin letters."""

RUSSIAN_SKELETON_ENDING = tuple(
    """
    etsia utsia ovania enie enia ogo skoi skih nosti nost anie itie tsii skaia aih iih vih bah dah fah gah jah kah lah
    mah nah pah rah sah tah vah zah shah chah
    """.split()
)
KAZAKH_SKELETON_ENDING = tuple(
    """
    nin din tin inda inde sina sine asin esin lari leri dari deri tari teri dagi degi tagi tegi ildi indi andi endi
    aldi eldi ardi erdi tti aidi eidi gan gen kan ken lik dik tik larna larina lerne lerine larin lerin men ligi digi
    ilip inip adi edi lar ler
    """.split()
)
KAZAKH_SKELETON_WEAK_ENDING = tuple(
    """
    aga age ega ege iga ige oga oge uga uge ka ke dan den tan ten nan nen pen ip up di ti ni gi si da de ta te dai tai
    shi
    """.split()
)
"""How words end of other Turkic languages too."""
