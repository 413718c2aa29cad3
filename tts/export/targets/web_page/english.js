"use strict";
// Numbers and signs in English words, by the tables of Linnet's own reader. What depends on more context it knows better.

// A letter that is to be named is written full-width, as "A" of "A M" is no article.
const FULL_WIDTH = 0xff21 - 65;
const nameLetter = (letter) => String.fromCharCode(letter.charCodeAt(0) + FULL_WIDTH);
const namedLetter = (word) => (/^[Ａ-Ｚ]$/.test(word) ? String.fromCharCode(word.charCodeAt(0) - FULL_WIDTH) : undefined);

class English {
  /** `tables`: what Python's `page_english` lists. */
  constructor(tables) {
    this.tables = tables;
    const either = (names) =>
      Object.keys(names)
        .sort((left, right) => right.length - left.length)
        .map((name) => name.replace(/[$.*+?^()|[\]{}\\/]/g, "\\$&"))
        .join("|");
    const number = "\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d+(?:\\.\\d+)?";
    const behind = "(?![\\p{L}\\d]|[.,:/-]\\d)";
    const rule = (pattern, say) => [new RegExp(pattern, "gu"), say.bind(this)];
    this.rules = [
      rule(`([${Object.keys(tables.currencies).join("")}])(${number})(?:\\s(million|billion|trillion))?${behind}`, this.money),
      rule(`(?<![\\p{L}\\d.,:/-])(\\d{1,2}):([0-5]\\d)(?:\\s?([ap])\\.?m\\b\\.?)?${behind}`, this.time),
      rule(`(?<![\\p{L}\\d.,:/-])(\\d{1,2})\\s?([ap])\\.?m\\b\\.?`, (_, hour, half) => this.time(_, hour, "00", half)),
      rule(`(?<![\\p{L}\\d.,:/-])(${number})\\s?%`, (_, number) => `${this.number(number)} percent`),
      rule(`(?<![\\p{L}\\d.,:/-])(${number})(\\s?)(${either(tables.units)})(?![\\p{L}\\d])`, this.measure),
      rule("(?<![\\p{L}\\d.,:/-])(\\d{1,15})(?:st|nd|rd|th)(?![\\p{L}\\d])", (_, digits) => this.ordinal(digits)),
      rule(`(?<![\\p{L}\\d]|[.,:/-])(${number})${behind}`, (_, number) => this.counted(number)),
      rule(either(tables.symbols), (symbol) => ` ${tables.symbols[symbol]} `),
    ];
  }

  normalise(text) {
    text = text.replace(/(\p{L}+)\.(?=\s+\p{Lu})/gu, (whole, word) => this.tables.titles[word] ?? whole);
    for (const [pattern, say] of this.rules) text = text.replace(pattern, say);
    return text;
  }

  /** "$3.50" as "three dollars fifty cents"; "$2 million" as "two million dollars". */
  money(_, sign, written, magnitude) {
    const [one, many, hundredth, hundredths] = this.tables.currencies[sign];
    const [whole, fraction] = written.replaceAll(",", "").split(".");
    if (magnitude || (fraction && (fraction.length !== 2 || !hundredth))) {
      return [this.number(written), magnitude, many].filter(Boolean).join(" ");
    }
    const parts = [];
    if (Number(whole) || !Number(fraction ?? 0)) parts.push(this.cardinal(whole), Number(whole) === 1 ? one : many);
    if (Number(fraction ?? 0)) {
      const bare = parts.length && hundredths === "pence" && Number(fraction) > 9; // five pounds ninety nine
      parts.push(this.cardinal(fraction), bare ? "" : Number(fraction) === 1 ? hundredth : hundredths);
    }
    return parts.join(" ").trim();
  }

  /** "3:30 pm" as "three thirty P M"; "7:00" as "seven o'clock". */
  time(_, hour, minute, half) {
    const [hours, minutes] = [Number(hour), Number(minute)];
    const letters = half ? ` ${nameLetter(half.toUpperCase())} ${nameLetter("M")}` : "";
    if (minutes) return `${hours ? this.cardinal(hours) : "zero"} ${minutes < 10 ? "oh " : ""}${this.cardinal(minutes)}${letters}`;
    if (half || hours > 23) return this.cardinal(hours) + letters;
    if (!hours) return "midnight";
    return `${this.cardinal(hours)} ${hours <= 12 ? "o'clock" : "hundred"}`;
  }

  /** "5 km" as "five kilometers". */
  measure(_, number, space, unit) {
    return `${this.number(number)} ${this.tables.units[unit][number === "1" ? 0 : 1]}`;
  }

  /** A number, or a year if it looks like one. */
  counted(written) {
    return /^(?:1[1-9]|20)\d\d$/.test(written) ? this.year(Number(written)) : this.number(written);
  }

  /** "1,250", "2.0" and "007", where a leading zero has digits follow one by one. */
  number(written) {
    const [whole, fraction] = written.replaceAll(",", "").split(".");
    const spoken = whole.length > 1 && whole[0] === "0" ? this.spell(whole) : this.cardinal(whole);
    return fraction ? `${spoken} point ${this.spell(fraction)}` : spoken;
  }

  spell(digits) {
    return [...digits].map((digit) => this.tables.ones[digit]).join(" ");
  }

  cardinal(digits) {
    if (String(digits).length > this.tables.longest_named) return this.spell(String(digits));
    const number = Number(digits);
    const { ones, tens, scales } = this.tables;
    if (number < 20) return ones[number];
    if (number < 100) return tens[Math.floor(number / 10)] + (number % 10 ? ` ${ones[number % 10]}` : "");
    if (number < 1000) return this.scaled(number, 100, "hundred");
    const scale = Math.floor((String(number).length - 1) / 3);
    return this.scaled(number, 1000 ** scale, scales[scale]);
  }

  scaled(number, size, name) {
    const rest = number % size;
    return `${this.cardinal(Math.floor(number / size))} ${name}${rest ? ` ${this.cardinal(rest)}` : ""}`;
  }

  /** 21 as "twenty first", 101 as "one hundred and first". */
  ordinal(digits) {
    const words = this.cardinal(digits).split(" ");
    const last = words.pop();
    if (["hundred", "thousand"].includes(words.at(-1)) && this.tables.ones.indexOf(last) in Array(10).fill()) words.push("and");
    words.push(this.tables.ordinals[last] ?? (last.endsWith("y") ? `${last.slice(0, -1)}ieth` : `${last}th`));
    return words.join(" ");
  }

  /** 1984 as "nineteen eighty four", 1905 as "nineteen oh five", 2005 as "two thousand five". */
  year(number) {
    const [century, rest] = [Math.floor(number / 100), number % 100];
    if (century % 10 === 0 && rest < 10) return this.cardinal(number);
    return `${this.cardinal(century)} ${rest ? (rest < 10 ? "oh " : "") + this.cardinal(rest) : "hundred"}`;
  }
}
