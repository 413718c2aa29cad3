"""Words in capitals: which are spelled, which are said, and which are English words that somebody stresses."""

from tts.text.english.word_lists import word_set

# Spelled, whether in capitals or, as in addresses and chats, not. Nothing here is an English word.
SPELLED = word_set(
    """
    abc abs acl asap bogo adhd afaik aka ama api apr arpa ascii asd asmr atm atv aws bbc bbq bc bce bff bmi bmw bmx brb
    brt bsd btc btw cbc cbd cbs ccp cctv cdc cdn ceo cfo cgi cia cio cli cmo cms cnn co2 coo cpa cpi cpr cpu
    crm crt css cst csv cto cvs ddos dhcp dhl diy dj dlc dm dms dmv dna dns dob dod doe doi dpi dr drm dsl dui
    dvd dvr ebs ecb ecg edm edt eeg eft ehr ekg elo emi emt eof eos epa eps espn est etd etf eth eu eur eula
    eod faq fbi fcc fda fdic fdr fifo fmla fps fsb ftc ftp ftw fwiw fx fyi gao gbp gcse gdp gdpr gf gg gm gmo
    gmt gnp gnu gop gp gpa gpl gprs gps gpt gpu gst gui gwp hbo hcl hd hdd hdmi hgtv hgv hiv hmo hmrc hoa hp
    hpv hq hr hrt hsbc html http https hvac iaea ibm ibs ico icu ide ied iirc ikr imdb imf imho imo ioc io ios
    iot ip ipa ipo iq irc irl irs isbn isp isps itv iud ivf jfk jk jpg js jsx jvm kfc kgb kkk kpi lbj lcd lcm
    led lgbt lgbtq llc llm llp lmao lmk lng lpg lsd lsu lte mba mbti mc md mfa mgm mit mlb mlk mls mma mmo
    mmorpg mms mp mpa mpg mph mri msn mtv mvp nbc nba ncaa nda nfc nfl nft ngo nhl nhs nih nlp npc npm npr npo
    nra nsa nsf nsfw ntfs nvm nyc nyfd nyt nyu nypd obe ocd ocr oem omg omw oop opm otc otp pbs pbr pc pcb pcr
    pdf pga pgp phd php pjs plc pm png poc pov pow ppe ppi ppm ppp pps ppv pr ps psa psi pst pta pto ptsd pvc
    qa qb qc qr rbi rbg rca rcmp rfid rfc rgb rn rna roi rpg rpm rsa rss rsvp rv rvs sba sdk seo sfo sgml sms
    smtp sos spca sql ssd ssh ssl ssn sst suv svg svu sxsw tb tba tbc tbd tbh tcp tcu tdd tga tgif tldr tls
    tmi tmz tnt tsa tsx ttyl tv tvs tx txt ucla udp ufc ufo uhd uhf ui uk unhcr upc ups url usa usaf usb usc
    usd usda usmc usps usr ussr utc utf uv ux vcr vga vhf vhs vip vm vms vp vpn vps vr vw wbc wfh wnba wpm wtf
    wtc wto wwe wwf www wwi wwii xl xlsx xml xp xss xxl ymca zz py ts rs cpp hpp exe tsv cfg smh idk idc ily
    iykyk tfw tysm hmu ootd gtg ttys nm np nsfl dtf xd fml ffs jdk jre ec2 s3 gb mb kb pb ai ml ar iv dc ny nj
    nh nc sc nd sd ct wv ky tn mt ut az fl ga ks ri vt wy qed ra rsi eta aaa aarp aclu afc afl atp wta fa epl
    ncaab bp ge ubs ey pwc kpmg amd hpe tsmc asml nsw bbl cbt cfs adp adr aed afk agi agm alu apa apc apb apy
    asl avi avc bls bpm bst cas cc cd cds ceos cet cfl cma cnbc cnc cns cpg cps crs csi csr cve dea ddr ddt
    dhs dji dmca dmz dnc rnc dpp dtc eap ecu edi efl ehs eia eic emp ems emr epc erp esl esp esr esv evs ev
    faqs fha gcd gcc gdb gdi gk gre gmat hcg hdl ldl hdr hfc hgh hls hms hsa hst hvd ibu ics idf ieee ietf ifc
    ils imei ims inr ipcc iptv itc jal jcb jee jpy jsp ksa kde kjv klm lax lfc lhc lsp mdma mfc mlm mmr
    mmt mnc mrna mse msc mst mtg mtu ndp nfs njit nlrb nmr nntp nhtsa nrl nsc nss nwa nws nypl nzd oau oecd
    ohs okr oled osx pbx pcp pcs pct pda pdt pfc phb pkk plo pms pnc ppt pptx pqr prc psg psn psp psv pvp pve
    pwm qe qos rbs rbc rdf rds rda rfp rhs rmb rmit rms rpc rrp rtfm rtx gtx rvp sbc sdlc sf sfx sla sme smes
    snl snp spl spv sqs ssi ssr stb stc std stds stp svp swf tcm tco tdp tfl thc tia tlc tpm tpp tps tqm trx
    tsb tse ttl tts uae ucl ucsd uhc uml unc upi upn urls usfs usgs usl utep utm uvb uwb vba vbs vfx voc vsp
    heent lmao lmfao utd wbo wcw wcs wgs whp wma wmd wmv wpa wsj wsl wwdc xhtml xslt ytd yoy qoq cagr aum irr npv
    """
)
# Said as words though they are written in capitals.
SAID = word_set(
    """
    abba todo nato nasa unesco unicef opec aids scuba laser radar sonar ram rom pin sim jpeg gif lan wan covid
    fifa uefa nafta captcha yolo fomo lol rofl swat potus scotus flotus nimby darpa hipaa osha fema noaa jstor
    cern nand bios cmos lidar qwerty dos moma mensa asean aipac basic cobol fortran lisp bash unix linux gnome
    ajax soap rest json yaml toml dart sars mers ebola zika yahoo ikea lego nikon sony visa nike puma fiat
    saab audi seat volvo kia asus acer dell intel nasdaq nascar norad interpol mossad hamas isis isil hud sat
    toefl cat scan pet ted tedx coachella dash mac mcat lsat pisa raid sap sas snafu fubar tarp snap epcot
    imax conus xor pac dreamer daca brexit leed awol delta alaska usaid span norm emoji ascii amex gatt salt
    start caricom mercosur oxfam esperanto zip ed modem codec voip wasp yuppie maga antifa pemex petronas
    tepco alcoa geico costco inc corp ltd ebitda peta nabisco aldi wordpress rada sag bafta tesol cobra erisa
    fannie freddie roth max dax cac nikkei libor sofr euribor
    """
)
# How some are said that are neither spelled nor read as they are written.
RESPELLED = {
    "nvme": "N V M E", "ftse": "footsie", "ooo": "O O O", "cov": "C O V",
    "jpeg": "jay peg", "jpegs": "jay pegs", "saas": "sass", "paas": "pass", "iaas": "I as",
    "naacp": "N double A C P",
    "aaa": "triple A", "ieee": "I triple E", "wysiwyg": "wizzy wig", "ascii": "ass key", "mpeg": "em peg",
    "scsi": "scuzzy", "cspan": "C span", "c-span": "C span", "ncaa": "N C double A", "ok": "okay",
    "oks": "okays",
    "aaas": "triple A S", "b2b": "B to B", "b2c": "B to C", "p2p": "P to P", "c2c": "C to C", "g2g": "G to G",
    "msdos": "M S doss", "xor": "X or", "vlan": "V lan", "ldap": "L dap", "sql": "S Q L", "mysql": "my S Q L",
    "nosql": "no S Q L", "sqlite": "S Q lite",
    "postgresql": "postgres Q L", "ios": "I O S", "phd": "P H D", "phds": "P H Ds", "wwi": "world war one",
    "wwii": "world war two", "ww1": "world war one", "ww2": "world war two",
    "macos": "mac O S", "wifi": "wifi", "wi-fi": "wifi", "iot": "I O T", "mrna": "M R N A", "dotcom": "dot com",
    "ctrl": "control", "y2k": "Y two K",
    "iphone": "I phone", "ipad": "I pad", "ipod": "I pod", "imac": "I mac", "itunes": "I tunes",
    "icloud": "I cloud",
    "imessage": "I message",
    "iphones": "I phones", "ipads": "I pads", "ebook": "E book", "ebooks": "E books", "ecommerce": "E commerce",
    "email": "email",
    "latex": "latex", "chatgpt": "chat G P T", "openai": "open A I", "youtube": "youtube",
    "javascript": "javascript", "typescript": "typescript",
    "linkedin": "linked in", "github": "github", "gitlab": "gitlab", "wordpress": "wordpress",
    "mcdonald": "mcdonald", "mcdonalds": "mcdonalds", "ebay": "ebay",
    "paypal": "paypal", "facebook": "facebook", "playstation": "playstation", "powerpoint": "powerpoint",
    "tiktok": "tiktok", "whatsapp": "whatsapp",
    "airpods": "airpods", "macbook": "macbook", "doordash": "doordash", "fedex": "fedex", "pytorch": "pytorch",
    "tensorflow": "tensorflow", "nvidia": "nvidia",
    "numpy": "num pie", "scipy": "sigh pie", "pypi": "pie P I", "nginx": "nginx", "sudo": "sudo",
    "spacex": "space X", "airbnb": "air B N B", "xkcd": "X K C D",
    "bluetooth": "bluetooth", "hashmap": "hash map", "lgbtqia": "L G B T Q I A", "phys": "physics",
    "ph": "P H", "i18n": "internationalization", "a11y": "accessibility", "l10n": "localization",
    "k8s": "kubernetes", "eslint": "E S lint",
}  # fmt: skip
# Short English words, which capitals only stress: "do it NOW", "WHO is in?". Other short words in capitals are spelled.
SHORT_WORDS = word_set(
    """
    a i am an as at ax be by do go ha he hi ho if in is it lo ma me my no of oh on or ow ox pa so to um up uh
    us we ye yo act add age ago aid aim air ale all and ant any ape arc are ark arm art ash ask ate awe axe
    bad bag ban bar bat bay bed bee beg bet bid big bin bit bow box boy bud bug bun bus but buy bye cab can
    cap car cat cop cot cow cry cub cue cup cut dad dam day den dew did die dig dim dip dog dot dry dub due
    dug dye ear eat eel egg ego elf elk elm end era eve eye fan far fat fax fed fee few fig fin fir fit fix
    fly foe fog for fox fun fur gag gap gas gel gem get god got gum gun gut guy gym had ham has hat hay hem
    hen her hey hid him hip his hit hog hop hot how hub hug huh hum hut ice icy ill ink inn its ivy jam jar
    jaw jay jet job jog joy jug key kid kit lab lad lag lap law lay led leg let lid lie lip lit log lot low
    mad man map mat may men met mix mob mom mop mud mug nap net new nod nor not now nut oak oar oat odd off
    oil old one our out owe owl own pad pal pan pat paw pay pea pen per pet pie pig pin pit pot put ran rap
    rat raw ray red rib rid rim rip rob rod rot row rub rug run rye sad sat saw say sea see set sew she shy
    sin sip sir sit six ski sky sly sob son spy sub sue sum sun tab tag tan tap tax tea ten the tie tin tip
    toe ton too top toy try tub two use van vet via vow wag war was wax way web wed wet who why wig win wit
    won wow yes yet you zip zoo able also area army away baby back ball band bank base bath bear beat been
    beer bell belt best bike bill bird blow blue boat body bomb bone book boom boot born boss both bowl boys
    buck bulk burn bush busy cafe cake call calm came camp card care case cash cast cell chat chip city clay
    club coal coat code cold come cook cool cope copy core corn cost coup crew crop cure damn dark data date
    dawn days dead deal dean dear debt deep deer desk dial dick diet dirt dish disk dive does dogs done door
    dose down drag draw drew drop drug dual duck duke dumb dust duty each earn ease east easy eats edge edit
    else epic euro even ever evil exam exit eyes face fact fail fair fake fall fame farm fast fate fear feed
    feel feet fell felt file fill film find fine fire firm fish five flag flat flee flow folk food fool foot
    ford form four free from fuel full fund fury gain game gang gate gave gear gene gift girl give glad goal
    goat goes gold golf gone good grab gray grew grey grip grow gulf guns guys hair half hall hand hang hard
    harm hate have hawk head heal heap hear heat heel held hell help here hero hers hide high hike hill hint
    hire hits hold hole holy home hope horn host hour huge hung hunt hurt icon idea idle inch into iron item
    jail jazz join joke jump june july jury just keen keep kept keys kick kids kill kind king kiss knee knew
    know lack lady laid lake lamb lamp land lane last late lawn laws lazy lead leaf lean left lend less lets
    lied life lift like lime line link lion lips list live load loan lock logo lone long look loop lord lose
    loss lost lots loud love luck lung mail main make male mall many maps mark mask mass mate math meal mean
    meat meet melt menu mere mess mice mild mile milk mind mine miss mode mood moon more most move much must
    myth name navy near neck need news next nice nine node none noon norm nose note noun okay once ones only
    onto open oral ours oven over pace pack page paid pain pair pale palm park part pass past path peak pick
    pile pill pine pink pipe plan play plea plot plug plus poem poet poll pond pool poor pope pork port pose
    post pour pray prey pull pump pure push quit race rage rail rain rank rare rate read real rear rely rent
    rest rice rich ride ring riot rise risk road rock role roll roof room root rope rose ruin rule rush safe
    said sail sake sale salt same sand save says scan seal seat seed seek seem seen self sell send sent ship
    shit shop shot show shut sick side sigh sign silk sing sink site size skin slip slow snap snow soap sofa
    soft soil sold sole some song soon sort soul soup sour spin spot star stay stem step stir stop such suit
    sure swim tail take tale talk tall tank tape task team tear tell tend tent term test text than that thee
    them then they thin this thus tide tidy tied ties till time tiny tips tire toes told toll tone took tool
    tops torn tour town trap tree trim trio trip true tube tune turn twin type ugly unit upon urge used user
    vary vast verb very vice view vote wage wait wake walk wall want ward warm warn wash wave ways weak wear
    week well went were west what when whom wide wife wild will wind wine wing wire wise wish with wolf wood
    word wore work worm yard yeah year yoga your zero zone alas amen aunt bang bean beef blew bold bond cave
    char chef chin cite clap clue coin comb cord cows cuts damp dare dash deed demo deny doll doom dots dump
    earl echo envy fist flew flip foam fold fork fort foul fuse gaze glow glue gown grid halt haze hood hook
    hurl jeep joys junk lava limb loaf maid mast maze mint mist moan mock moss moth mute nail neat nest nope
    oath obey odds omit peas peel pest pity plow poke pole puff quiz rack raft raid rake ramp rays reef rein
    rift ripe roar robe rude rust sack saga sane scar sect shed shin shoe sits slam slap slid slim slit soak
    sore span stab swan sway tame taxi tick tomb toss tuna vain veil vein vest void wade warp wary weed weep
    whip wink wipe wrap yell ugh aww yay yep nah buys dont cant wont isnt im ive youre hes shes
    """
)
