"""Words and endings by which a sentence's language is known: the commonest of each language that the others lack."""

import re

KAZAKH = frozenset(
    """
    мен бен пен да де та те және өз өзі өте көп сөз әлем бөлім әсер нәтиже өмір даму дамыту үлкен дәл әр бар емес
    болып болса болды болатын болады болуы туралы бойынша арасында арасындағы
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
    """.split()
)

KAZAKH_LATIN = frozenset(
    """
    jäne jane zhäne zhane jáne men ben pen üşin úshin ushin üshin bul osy ol olar olardyń olardyñ olardyn onyñ onyń onyn turaly
    boiynşa boıynsha boiynsha boyınşa boyynsha bolyp bolıp tabylady tabıladı arqyly arqılı retinde sonymen sonımen qatar
    öz óz oz emes bar bolğan bolǵan bolghan bolgan negizgi zertteu zerttew zertteý zerteu maqalada maqala makalada qazaq qazaqstan
    kazak qazirgi kazirgi ğylymi ǵylymı gylymi gılımi bilim beru berý berw til tili tilinde damu damý damw üşinşi
    ärtürli túrli turli sondai-aq
    sondai sondaı nemese ne biraq keiin keiingi keıin dein deiin deıin qarastyrylady qarastırıladı karastyrylady taldau taldaý
    taldanady basty tarihi tarihı ulttyq ulttıq ulttyk memleket memlekettik qogam qoğam qoǵam maselelri mäselesi máselesi
    """.split()
)
"""Frequent Kazakh words in the Latin alphabets of 2017-2021, of Wikipedia's converter and of plain transliteration."""

ELSEWHERE = frozenset(
    """
    der die das und ist von mit den dem für des eine nicht werden le la les du et une dans sur los las el del que es por con para
    ve ile için olarak bu bir daha çok va uchun bilan ham ushbu bo та що є або які його жана менен бул катары һәм
    белән өчен бу дар ва ин
    """.split()
)
"""Frequent words of languages taken for one of the three: German, French, Spanish, Turkish, Uzbek, Ukrainian, Kyrgyz, Tatar."""

KAZAKH_ENDING = re.compile(
    r"(?:лар|лары|лардың|ларды|ларда|ларына|ларын|дары|дарды|дарын|тары|тарды|тарын|тарында|ында|ынан|ына|ының|асында|асы|"
    r"лады|йды|ады|алады|ылады|ушы|дан|тан|нан|лап|ланып|атын|етін|лау|лану|дағы|дегі|тағы|тегі|ға|ге|қа|дай|дей|сыз|сіз|лық|лік|ған|ген)$"
)
RUSSIAN_ENDING = re.compile(
    r"(?:ого|его|ому|ему|ыми|ими|ых|ые|ая|яя|ое|ость|ости|остью|ение|ения|ений|ению|ении|ание|ания|аний|анию|ании|ство|ства|ству|"
    r"стве|ться|тся|ции|ций|цию|цией|ами|ями|иях|ует|ают|яют|ены|ена|ено|аны|ана|ано|ский|ская|ские|ских|ской|ский|ного|ному|ных|"
    r"ным|ной|ную|овой|ивно|тельно|ически|ующих|ающих|ивает|ый|ющий|щая|щие|вший|ило|или|ила)$"
)
ENGLISH_ENDING = re.compile(
    r"(?:tion|tions|sion|ing|ings|ed|ment|ments|ity|ities|ly|ness|ive|ical|ous|able|ible|ance|ence|ences|ship|ism|ogy|logical|"
    r"tional|tic|tics|ative|ful|less|cy|ies|ts|rs|ns|al|ers|or|ure|ures|ian)$"
)
KAZAKH_LATIN_ENDING = re.compile(
    r"(?:lar|ler|dar|der|tar|ter|lary|leri|dary|deri|tary|teri|ların|nyń|niń|dyń|diń|tyń|tiń|nyñ|niñ|dyñ|diñ|tyñ|tiñ|nın|nyn|dyn|tyn|niñ|"
    r"ğa|ǵa|gha|ynda|inde|ında|synda|sında|sinde|ady|edi|adı|eidi|aidy|aıdy|eıdi|yldy|ildi|ıldı|ylady|iledi|ıladı|dağy|degi|daǵy|dagy|tagy|tegi|"
    r"ğan|ǵan|ghan|gen|qan|ken|lyq|lik|lıq|lyk|tyq|tik|tıq|dyq|dik|syz|siz|şy|shy|şı|yp|ıp|ymen|imen|atyn|etin|atın)$"
)
