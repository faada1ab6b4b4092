// Figures as people read them.

const DASH = '–';

export function percent(share) {
  if (share === null || share === undefined) {
    return DASH;
  }
  const value = share * 100;
  if (value === 100 || value === 0) {
    return `${value} %`;
  }
  // A loss is never rounded away.
  return value > 99.9 ? `${(Math.floor(value * 1000) / 1000).toFixed(3)} %` : `${(Math.floor(value * 100) / 100).toFixed(2)} %`;
}

export function seconds(value) {
  if (value === null || value === undefined) {
    return DASH;
  }
  if (value < 0.001) {
    return `${Math.round(value * 1e6)} µs`;
  }
  return value < 1 ? `${(value * 1e3).toPrecision(3)} ms` : `${value.toPrecision(3)} s`;
}

export function rate(perSecond) {
  return perSecond === 0 ? '0' : perSecond < 10 ? perSecond.toFixed(1) : count(perSecond);
}

export function count(number) {
  return Math.round(number).toLocaleString('en');
}

export function times(burnRate) {
  return burnRate === undefined ? DASH : burnRate === 0 ? '0' : `${burnRate < 10 ? burnRate.toFixed(1) : count(burnRate)}×`;
}

export function plural(number, one, many = `${one}s`) {
  return `${count(number)} ${number === 1 ? one : many}`;
}

export function days(number) {
  return number < 0 ? `expired ${plural(-number, 'day')} ago` : number === 0 ? 'less than a day' : plural(number, 'day');
}

export function clock(time) {
  return new Date(time).toLocaleTimeString('en-GB');
}

export function moment(time) {
  const date = new Date(time);
  return `${date.toISOString().slice(0, 10)} ${date.toLocaleTimeString('en-GB')}`;
}

export function ago(time, now) {
  const s = Math.max(0, Math.round((new Date(now) - new Date(time)) / 1000));
  return s < 60 ? `${s} s ago` : s < 3600 ? `${Math.floor(s / 60)} min ago` : s < 86400 ? `${Math.floor(s / 3600)} h ago`
    : `${Math.floor(s / 86400)} d ago`;
}

export const NONE = DASH;

/** Reasons of the metrics in words; others are shown as they are. */
export function reason(label) {
  return label.replaceAll('_', ' ');
}
