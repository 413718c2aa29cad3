"""Units of measure: how they are abbreviated, and what they are called, one of them and several."""

_PLAIN = {
    "mm": "millimeter", "cm": "centimeter", "dm": "decimeter", "m": "meter", "km": "kilometer", "nm": "nanometer",
    "μm": "micrometer", "um": "micrometer", "mi": "mile", "mi.": "mile", "yd": "yard", "yd.": "yard", "yds": "yard",
    "nmi": "nautical mile", "ly": "light year", "pc": "parsec", "AU": "astronomical unit",
    "mg": "milligram", "g": "gram", "kg": "kilogram", "kgs": "kilogram", "μg": "microgram", "mcg": "microgram",
    "ng": "nanogram", "gr": "grain", "lb": "pound", "lb.": "pound", "lbs": "pound", "lbs.": "pound", "oz": "ounce",
    "oz.": "ounce", "fl oz": "fluid ounce", "fl. oz.": "fluid ounce", "fl. oz": "fluid ounce", "t": "ton",
    "l": "liter", "L": "liter", "ml": "milliliter", "mL": "milliliter", "cl": "centiliter", "cL": "centiliter",
    "dl": "deciliter", "dL": "deciliter", "μl": "microliter", "μL": "microliter", "gal": "gallon", "gal.": "gallon",
    "qt": "quart", "qt.": "quart", "pt": "pint", "tsp": "teaspoon", "tsp.": "teaspoon", "tbsp": "tablespoon",
    "tbsp.": "tablespoon", "Tbsp": "tablespoon", "tbs": "tablespoon", "c.": "cup",
    "ms": "millisecond", "μs": "microsecond", "us": "microsecond", "ns": "nanosecond", "s": "second", "sec": "second",
    "sec.": "second", "secs": "second", "min": "minute", "min.": "minute", "mins": "minute", "mins.": "minute",
    "h": "hour", "hr": "hour", "hr.": "hour", "hrs": "hour", "hrs.": "hour", "wk": "week", "wks": "week",
    "mo": "month", "mos": "month", "mo.": "month", "yr": "year", "yr.": "year", "yrs": "year", "yrs.": "year",
    "wk.": "week",
    "W": "watt", "kW": "kilowatt", "KW": "kilowatt", "MW": "megawatt", "GW": "gigawatt", "mW": "milliwatt",
    "Wh": "watt hour", "kWh": "kilowatt hour", "KWh": "kilowatt hour", "kwh": "kilowatt hour", "MWh": "megawatt hour",
    "GWh": "gigawatt hour", "V": "volt", "kV": "kilovolt", "mV": "millivolt", "A": "amp", "mA": "milliamp",
    "Ah": "amp hour", "mAh": "milliamp hour", "Ω": "ohm", "kΩ": "kilohm", "MΩ": "megohm", "F": "farad",
    "μF": "microfarad",
    "nF": "nanofarad", "pF": "picofarad", "J": "joule", "kJ": "kilojoule", "MJ": "megajoule", "cal": "calorie",
    "kcal": "kilocalorie", "eV": "electron volt", "keV": "kilo electron volt", "MeV": "mega electron volt",
    "GeV": "giga electron volt", "N": "newton", "kN": "kilonewton", "Nm": "newton meter", "N·m": "newton meter",
    "Pa": "pascal", "kPa": "kilopascal", "MPa": "megapascal", "hPa": "hectopascal", "bar": "bar", "mbar": "millibar",
    "atm": "atmosphere", "dB": "decibel", "db": "decibel", "dBA": "decibel", "kB": "kilobyte", "KB": "kilobyte",
    "kb": "kilobyte", "MB": "megabyte", "GB": "gigabyte", "TB": "terabyte", "PB": "petabyte", "mb": "megabyte",
    "gb": "gigabyte", "tb": "terabyte", "KiB": "kibibyte", "MiB": "mebibyte", "GiB": "gibibyte", "TiB": "tebibyte",
    "kbit": "kilobit", "Mbit": "megabit", "Mb": "megabit", "Gb": "gigabit", "Gbit": "gigabit", "px": "pixel",
    "mol": "mole", "mmol": "millimole",
    "lm": "lumen", "cd": "candela", "ha": "hectare", "bbl": "barrel",
    "ac": "acre", "kt": "knot", "kts": "knot", "kn": "knot",
    "sq ft": "square foot", "sq. ft.": "square foot", "sq. ft": "square foot", "sqft": "square foot",
    "sq m": "square meter", "sq. m": "square meter", "sqm": "square meter", "sq km": "square kilometer",
    "sq. km": "square kilometer", "sq mi": "square mile", "sq. mi.": "square mile", "sq. mi": "square mile",
    "sq in": "square inch", "sq yd": "square yard", "cu ft": "cubic foot", "cu. ft.": "cubic foot",
    "cu ft.": "cubic foot",
    "cu m": "cubic meter", "cu in": "cubic inch", "cc": "C C", "carat": "carat", "ct": "carat", "pkg": "package",
    "pkg.": "package",
    "ft-lb": "foot pound", "ft-lbs": "foot pound", "lb-ft": "pound foot", "ft·lb": "foot pound", "ppl": "people",
    "gsm": "gram per square meter", "doz": "dozen", "doz.": "dozen", "MP": "megapixel", "pcs": "piece",
    "pcs.": "piece", "reps": "rep", "qty": "quantity",
    "mgs": "milligram", "kms": "kilometer", "cms": "centimeter", "mls": "milliliter",
}  # fmt: skip
_IRREGULAR = {
    "ft": ("foot", "feet"), "ft.": ("foot", "feet"), "in.": ("inch", "inches"), "in": ("inch", "inches"),
    "ins": ("inch", "inches"), "Hz": ("hertz", "hertz"), "kHz": ("kilohertz", "kilohertz"),
    "KHz": ("kilohertz", "kilohertz"), "MHz": ("megahertz", "megahertz"), "GHz": ("gigahertz", "gigahertz"),
    "THz": ("terahertz", "terahertz"), "hp": ("horsepower", "horsepower"),
    "bhp": ("brake horsepower", "brake horsepower"),
    "mph": ("mile per hour", "miles per hour"), "kph": ("kilometer per hour", "kilometers per hour"),
    "kmh": ("kilometer per hour", "kilometers per hour"), "mpg": ("mile per gallon", "miles per gallon"),
    "mpgs": ("mile per gallon", "miles per gallon"), "fps": ("frame per second", "frames per second"),
    "rpm": ("R P M", "R P M"), "RPM": ("R P M", "R P M"), "bpm": ("beat per minute", "beats per minute"),
    "BPM": ("beat per minute", "beats per minute"), "psi": ("P S I", "P S I"), "PSI": ("P S I", "P S I"),
    "wpm": ("word per minute", "words per minute"), "dpi": ("D P I", "D P I"), "ppi": ("P P I", "P P I"),
    "ppm": ("part per million", "parts per million"), "ppb": ("part per billion", "parts per billion"),
    "bps": ("bit per second", "bits per second"), "kbps": ("kilobit per second", "kilobits per second"),
    "Kbps": ("kilobit per second", "kilobits per second"), "Mbps": ("megabit per second", "megabits per second"),
    "mbps": ("megabit per second", "megabits per second"), "Gbps": ("gigabit per second", "gigabits per second"),
    "Tbps": ("terabit per second", "terabits per second"), "MBps": ("megabyte per second", "megabytes per second"),
    "lx": ("lux", "lux"), "lux": ("lux", "lux"), "st": ("stone", "stone"), "fl": ("fluid", "fluid"),
    "°C": ("degree Celsius", "degrees Celsius"), "°F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "℃": ("degree Celsius", "degrees Celsius"), "℉": ("degree Fahrenheit", "degrees Fahrenheit"),
    "° C": ("degree Celsius", "degrees Celsius"), "° F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "°K": ("degree Kelvin", "degrees Kelvin"), "K": ("kelvin", "kelvin"), "°": ("degree", "degrees"),
    "mm Hg": ("millimeter of mercury", "millimeters of mercury"),
    "mmHg": ("millimeter of mercury", "millimeters of mercury"),
    "mol/L": ("mole per liter", "moles per liter"), "kcals": ("kilocalorie", "kilocalories"),
    "G": ("G", "G"), "g-force": ("G force", "G force"), "%": ("percent", "percent"),
    "GSa": ("giga sample", "giga samples"), "MT/s": ("megatransfer per second", "megatransfers per second"),
    "IU": ("I U", "I U"), "cfm": ("C F M", "C F M"), "CFM": ("C F M", "C F M"),
    "Ma": ("million years", "million years"),
}  # fmt: skip


def _several(name: str) -> str:
    """Its last word in the plural: foot pounds, square feet; of what is per something, its first."""
    first, per, rest = name.partition(" per ")
    start, _, last = first.rpartition(" ")
    last = {"foot": "feet", "inch": "inches", "C": "C"}.get(last, last if last == "people" else f"{last}s")
    return f"{start} {last}{per}{rest}".strip()


UNITS = {short: (name, _several(name)) for short, name in _PLAIN.items()} | _IRREGULAR
