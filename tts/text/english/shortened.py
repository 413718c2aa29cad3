"""What words are cut short to, with and without a dot, and what they stand for."""

from tts.text.english.word_lists import word_set

# Before a name. With or without a dot.
TITLES = {
    "Mr": "mister", "Mrs": "missus", "Ms": "miz", "Mx": "mix", "Dr": "doctor", "Drs": "doctors",
    "Prof": "professor",
    "Profs": "professors", "Messrs": "messers",
    "Mme": "madame", "Mlle": "mademoiselle", "Rev": "reverend", "Hon": "honorable", "Fr": "father",
    "Sr": "sister",
    "Br": "brother", "Msgr": "monsignor",
    "Gen": "general", "Col": "colonel", "Maj": "major", "Capt": "captain", "Cpt": "captain", "Lt": "lieutenant",
    "Lieut": "lieutenant", "Sgt": "sergeant",
    "Cpl": "corporal", "Pvt": "private", "Pfc": "private first class", "Cmdr": "commander", "Cdr": "commander",
    "Adm": "admiral", "Brig": "brigadier", "Ens": "ensign",
    "Gov": "governor", "Sen": "senator", "Sens": "senators", "Rep": "representative", "Reps": "representatives",
    "Pres": "president", "Atty": "attorney",
    "Amb": "ambassador", "Supt": "superintendent", "Insp": "inspector", "Det": "detective", "Ofc": "officer",
    "Sec": "secretary", "Treas": "treasurer", "Dir": "director",
    "St": "saint", "Ste": "sainte", "Sta": "santa", "Mt": "mount", "Ft": "fort", "Pt": "point",
    "Mts": "mountains",
    "CPT": "captain", "SGT": "sergeant", "LTC": "lieutenant colonel", "SSG": "staff sergeant", "MAJ": "major",
    "SFC": "sergeant first class", "CPL": "corporal", "PVT": "private",
    "Cong": "congressman", "Asst": "assistant", "Assoc": "associate", "Cllr": "councillor", "Dist": "district",
}  # fmt: skip
# Before a number.
NUMBERED = {
    "no": "number", "nos": "numbers", "nr": "number", "fig": "figure", "figs": "figures", "p": "page",
    "pp": "pages",
    "pg": "page", "pgs": "pages", "vol": "volume",
    "vols": "volumes", "ch": "chapter", "chap": "chapter", "chs": "chapters", "sec": "section",
    "sect": "section",
    "secs": "sections", "art": "article", "para": "paragraph",
    "eq": "equation", "eqs": "equations", "apt": "apartment", "ste": "suite", "rm": "room", "bldg": "building",
    "fl": "floor", "flr": "floor", "rt": "route", "rte": "route", "hwy": "highway", "tel": "telephone",
    "ph": "phone", "ver": "version", "v": "version", "ed": "edition", "iss": "issue", "ep": "episode",
    "eps": "episodes", "pt": "part", "pts": "parts", "op": "opus", "c": "circa", "ca": "circa", "b": "born",
    "d": "died",
    "r": "reigned", "fl.": "flourished", "est": "established", "ex": "example", "ref": "reference",
    "tab": "table",
    "app": "appendix", "l": "line", "ll": "lines", "n": "note", "nn": "notes", "col": "column",
    "div": "division",
    "lot": "lot", "mk": "mark", "qtr": "quarter", "wk": "week", "sz": "size",
    "min": "minimum", "max": "maximum", "avg": "average", "approx": "approximately", "temp": "temperature",
    "wt": "weight",
    "lat": "latitude", "lon": "longitude", "cl": "clause",
    "sc": "scene", "exp": "expires",
    "sess": "session", "dkt": "docket", "amend": "amendment", "tr": "transcript", "thm": "theorem", "lem": "lemma",
    "prop": "proposition", "cor": "corollary", "eqn": "equation",
    "eqns": "equations", "alg": "algorithm", "def": "definition", "mvt": "movement", "lvl": "level",
    "supp": "supplement",
    "rev": "revision", "ht": "height", "dia": "diameter", "len": "length", "ext": "extension",
}  # fmt: skip
# Only with a dot are these numbers or lines; without one they are words or letters.
DOTTED_NUMBERED = word_set(
    """
    no p pp v c b d r l ll n nn ed art app col lot ex op ref tab min max len iss est ca temp ph ste pt fl cl
    rev sc exp prop cor def alg lem supp amend tr sess
    """
) - {"pp"}
# Anywhere. With a dot, and those in UNDOTTED without one too.
ANYWHERE = {
    "etc": "et cetera", "vs": "versus", "cf": "compare", "viz": "namely", "inc": "incorporated",
    "ltd": "limited",
    "co": "company", "corp": "corporation", "bros": "brothers", "llc": "L L C",
    "dept": "department", "depts": "departments", "govt": "government", "gov't": "government",
    "int'l": "international", "nat'l": "national", "intl": "international", "natl": "national",
    "assn": "association", "ass'n": "association", "assoc": "association",
    "univ": "university", "inst": "institute", "mfg": "manufacturing", "mgmt": "management", "mgr": "manager",
    "admin": "administration", "acct": "account", "accts": "accounts", "asst": "assistant",
    "attn": "attention", "approx": "approximately", "appt": "appointment", "appts": "appointments",
    "apt": "apartment", "apts": "apartments", "ave": "avenue", "blvd": "boulevard", "pkwy": "parkway",
    "hwy": "highway", "rd": "road", "bldg": "building",
    "est": "established", "misc": "miscellaneous", "max": "maximum", "min": "minimum", "avg": "average",
    "temp": "temperature", "tel": "telephone", "cont": "continued", "cont'd": "continued", "contd": "continued",
    "jr": "junior", "sr": "senior", "esq": "esquire",
    "incl": "including", "excl": "excluding", "orig": "original", "prev": "previous", "resp": "respectively",
    "esp": "especially", "usu": "usually", "abbr": "abbreviation", "abbrev": "abbreviation", "pron": "pronoun",
    "adj": "adjective", "adv": "advanced",
    "anon": "anonymous", "ed": "editor", "eds": "editors", "trans": "translated", "repr": "reprinted",
    "rev": "revised", "vol": "volume", "vols": "volumes", "ibid": "ibid", "al": "al", "dist": "district",
    "ext": "extension", "fig": "figure", "figs": "figures", "pp": "pages",
    "gal": "gallon", "lb": "pound", "lbs": "pounds", "oz": "ounces", "tbsp": "tablespoon", "tsp": "teaspoon",
    "pkg": "package", "qty": "quantity", "doz": "dozen", "amt": "amount", "hr": "hour", "hrs": "hours",
    "mins": "minutes", "secs": "seconds", "yrs": "years", "wks": "weeks", "mos": "months",
    "dia": "diameter", "sq": "square", "cu": "cubic", "ft": "feet", "mt": "mount", "mtn": "mountain",
    "mtg": "meeting", "msg": "message", "sgt": "sergeant", "yr": "year", "wk": "week", "tech": "tech",
    "mil": "military", "med": "medical", "lit": "literally", "lat": "latitude", "lon": "longitude",
    "alt": "altitude", "elev": "elevation",
    "pop": "population", "prob": "problem", "ques": "question", "ans": "answer", "sched": "schedule",
    "reqd": "required", "rec'd": "received", "recd": "received", "dep": "departs", "arr": "arrives",
    "gen": "general", "capt": "captain", "lt": "lieutenant", "col": "colonel", "prof": "professor",
    "wed": "wednesday",
    
    "inv": "invoice", "lg": "large", "sm": "small", "nr": "near", "encl": "enclosed", "ops": "ops",
    "cpl": "corporal", "dr": "doctor", "mr": "mister", "mrs": "missus",
    "ms": "miz", "supt": "superintendent", "ctr": "center", "cntr": "center", "cty": "county",
    "twp": "township",
    "terr": "territory", "jct": "junction", "ste": "suite", "rte": "route",
    "q.v": "Q V", "op.cit": "op cit", "no": "no", "pvt": "private", "pub": "publisher", "bib": "bibliography",
    "conf": "conference", "bot": "bottom",
    "biog": "biography", "chem": "chemistry", "econ": "economics", "math": "math", "phil": "philosophy",
    "agg": "aggregate", "reg": "regulation", "fed": "federal", "civ": "civil", "crim": "criminal", "cir": "circuit",
    "supp": "supplement", "proc": "procedure", "evid": "evidence",
    "rpt": "report", "rpts": "reports", "mkt": "market", "flt": "flight", "mtgs": "meetings", "mfr": "manufacturer",
    "pmt": "payment", "rcpt": "receipt", "addr": "address", "lvl": "level", "pkgs": "packages", "grp": "group",
    "svc": "service", "svcs": "services", "bldgs": "buildings", "std": "standard", "ingr": "ingredients",
    "ea": "each", "refs": "references", "ref": "reference", "hosp": "hospital",
    "qtr": "quarter", "diam": "diameter", "pt": "patient",
    "bn": "battalion", "rgt": "regiment", "regt": "regiment", "bde": "brigade", "plt": "platoon", "sqn": "squadron",
    "bd": "board", "educ": "education", "comm'n": "commission", "comm'r": "commissioner", "sec'y": "secretary",
    "dep't": "department", "aff'd": "affirmed", "rev'd": "reversed", "amend": "amendment", "const": "constitution",
    "stat": "statute", "suppl": "supplement", "utd": "united", "util": "utilities", "utils": "utilities",
    "bdrm": "bedroom", "bdrms": "bedrooms", "bsmt": "basement", "furn": "furnished", "gar": "garage",
    "hdwd": "hardwood", "pkt": "packet", "pkts": "packets", "tbs": "tablespoon", "mvt": "movement",
    "mvmt": "movement",
    "bbl": "barrel", "bbls": "barrels", "dmg": "damage", "wt": "weight", "ht": "height", "chg": "charge",
    "rwy": "runway", "twy": "taxiway", "wkts": "wickets", "hw": "highway", "qtrs": "quarters", "exp": "experience",
    "compl": "complaint", "mot": "motion", "dkt": "docket", "decl": "declaration", "mem": "memorandum",
    "opp'n": "opposition", "req'd": "required", "reqs": "requirements", "flrs": "floors", "avail": "available",
    "twr": "tower", "cresc": "crescendo", "decresc": "decrescendo", "accel": "accelerando", "abd": "abdomen",
    "unemp": "unemployment", "bilat": "bilateral", "agmt": "agreement", "hr'g": "hearing", "hvy": "heavy",
    "hdg": "heading", "rm": "room", "div": "division", "op": "operating", "sat": "saturated", "cand": "candidate",
    "bal": "balance", "spd": "speed", "plf": "plaintiff", "agrmt": "agreement", "dtd": "dated", "acad": "academy",
    "sess": "session", "kit": "kitchen", "dir": "director", "chk": "check",
    "acq": "acquisition", "annot": "annotated", "illus": "illustrated", "ret": "retired", "batt": "battery",
    "seq": "seek", "rgr": "ranger", "inf": "infantry", "cav": "cavalry", "arty": "artillery", "ammo": "ammo",
    "pers": "personnel",
    "psych": "psychology", "sci": "science", "soc": "society",
}  # fmt: skip
UNDOTTED = word_set(
    """
    etc vs ltd dept depts govt gov't int'l nat'l intl natl assn ass'n mfg mgmt mgr acct accts asst attn approx
    appt appts blvd pkwy hwy bldg cont'd contd jr avg misc esq tbsp tsp pkg qty amt hr hrs mins secs yrs wks
    lbs oz chk rec'd recd reqd sgt yr wk mr mrs ms cf viz dr corp mtn mtg msg ctr twp jct bros apts vols tel excl
    incl llc pvt rte spd plf agrmt dtd opp'n req'd hr'g agmt hvy hdg flrs twr dkt dep't comm'n comm'r sec'y aff'd
    rev'd utd bdrm
    bdrms bsmt hdwd pkt
    pkts tbs mvt
    mvmt bbl bbls dmg rwy twy wkts rgt regt bde sqn rpt rpts mkt flt mtgs mfr pmt rcpt addr lvl pkgs grp svc svcs
    bldgs pt
    """
)
# Only with a dot, and only where a small letter, a comma or another abbreviation shows that the sentence goes on.
WORDS_TOO = word_set(
    """
    no co al ref max min temp ed eds trans rev rec pop alt pub math sci med mil lit lat tech cont est dep arr gen
    col wed prob inst app admin pron pp ext ave mt ft ms fig sq gal lon reg resp prev orig anon phil soc cu dist
    conf bot bn bd const stat gar op sat cand ret inf exp amend furn kit acq batt pers mot mem accel avail plt hw seq
    """
)
SCRIPTURE = {
    "Gen": "genesis", "Ex": "exodus", "Exod": "exodus", "Lev": "leviticus", "Num": "numbers",
    "Deut": "deuteronomy",
    "Josh": "joshua", "Judg": "judges", "Sam": "samuel", "Chron": "chronicles", "Ps": "psalm",
    "Prov": "proverbs",
    "Eccl": "ecclesiastes", "Isa": "isaiah", "Jer": "jeremiah", "Ezek": "ezekiel", "Dan": "daniel",
    "Matt": "matthew",
    "Mt": "matthew", "Mk": "mark", "Lk": "luke", "Jn": "john", "Rom": "romans", "Cor": "corinthians",
    "Gal": "galatians",
    "Eph": "ephesians", "Phil": "philippians", "Col": "colossians", "Thess": "thessalonians", "Tim": "timothy",
    "Heb": "hebrews", "Jas": "james", "Pet": "peter", "Rev": "revelation",
}  # fmt: skip
CAPITAL_INITIALISMS = word_set(
    "utd bbl dmg mvt pkt tbs bn bd inf ms hr dr mr msg sgt yr tel tsp jr ctr rpt mkt flt mfr pmt lvl grp svc pt"
)
# With letters between the dots.
DOTTED = {
    "i.e": "that is", "ie": "that is", "e.g": "for example", "eg": "for example", "a.k.a": "A K A",
    "w.r.t": "with respect to", "n.b": "N B", "p.s": "P S", "b.c": "B C", "a.d": "A D",
    "et al": "et al", "ph.d": "P H D", "ph.d.s": "P H Ds", "ed.d": "E D D", "m.sc": "M S C", "b.sc": "B S C",
    "d.phil": "D phil", "ll.b": "L L B", "ll.m": "L L M", "psy.d": "P S Y D", "pharm.d": "pharm D",
    "b.a.sc": "B A S C",
    "op. cit": "op cit", "loc. cit": "loc cit", "q.e.d": "Q E D", "r.i.p": "R I P", "r.s.v.p": "R S V P",
    "d.o.b": "D O B", "c.v": "C V", "v.i.p": "V I P",
}  # fmt: skip
# What follows shows that a new sentence begins behind an abbreviation.
STARTERS = word_set(
    """
    the a an this that these those it he she they we you i in on at but and so then when if his her their our
    my your there here what who why how where for as after before however meanwhile no yes not please with from
    to by although though while since until because some many most all both each every one two its let do does
    did is are was were can could will would should may might have has had
    """
)


# Only with a dot are these titles; without one they are words or names.
DOTTED_TITLES = word_set(
    "Sec Hon Dir Sta Ste Pt Br Fr Det Rep Gen Col Adm Maj Ens Cong Assoc Dist Sr Brig Amb Insp Pres Treas Mx Ft Sen"
)
