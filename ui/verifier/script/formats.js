// Numbers, sizes, times and shares as French and English write them: the same as ui/formats.py, tested against it.

const NARROW = "\u202f";
const NO_BREAK = "\u00a0";

export function number(value) {
  return String(value).replace(/\B(?=(\d{3})+$)/g, NARROW);
}

export function byteCount(value, language) {
  if (value < 10_000) return `${number(value)}${NARROW}${language === "fr" ? "octets" : "bytes"}`;
  let exponent = 1;
  while (exponent < 6 && tenths(value, 1000 ** exponent) >= 10_000) exponent += 1;
  const unit = `${"kMGTPE"[exponent - 1]}${language === "fr" ? "o" : "B"}`;
  return `${withTenth(tenths(value, 1000 ** exponent), language)}${NARROW}${unit}`;
}

export function percent(permille, language) {
  const digits = permille % 10 ? withTenth(permille, language) : number(permille / 10);
  return `${digits}${language === "fr" ? NARROW : ""}%`;
}

export function duration(milliseconds, language) {
  if (milliseconds < 9_950) return `${withTenth(tenths(milliseconds, 1000), language)}${NO_BREAK}s`;
  const seconds = Math.floor((milliseconds + 500) / 1000);
  const two = (value) => String(value).padStart(2, "0");
  if (seconds < 60) return `${seconds}${NO_BREAK}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}${NO_BREAK}min${NO_BREAK}${two(seconds % 60)}${NO_BREAK}s`;
  const minutes = Math.floor((seconds + 30) / 60);
  return `${number(Math.floor(minutes / 60))}${NO_BREAK}h${NO_BREAK}${two(minutes % 60)}${NO_BREAK}min`;
}

/** An RFC 3339 time in the offset it was recorded with; a text that is none, as it is. */
export function date(text, language) {
  const found = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?([+-])(\d\d):(\d\d)$/.exec(text);
  const month = found ? MONTHS[language][Number(found[2]) - 1] : undefined;
  if (month === undefined) return text;
  const [, year, , day, time, sign, hours, minutes] = found;
  const offset = hours === "00" && minutes === "00" ? "UTC" : `UTC${sign}${hours}:${minutes}`;
  const at = language === "fr" ? "à" : "at";
  return [Number(day), month, Number(year), at, time, offset].join(NO_BREAK);
}

// Rounded half to even, exactly: sizes exceed what a division of floating-point numbers keeps.
function tenths(value, unit) {
  const [whole, divisor] = [BigInt(value) * 10n, BigInt(unit)];
  const [quotient, rest] = [whole / divisor, (whole % divisor) * 2n];
  const up = rest > divisor || (rest === divisor && quotient % 2n === 1n);
  return Number(quotient) + (up ? 1 : 0);
}

function withTenth(value, language) {
  return `${number(Math.floor(value / 10))}${language === "fr" ? "," : "."}${value % 10}`;
}

const MONTHS = {
  fr: [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
  ],
  en: [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
  ],
};
