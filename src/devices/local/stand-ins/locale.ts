/** The language and the region of the phone that is played: this machine's. */
import type { StandIn } from './stand-in.ts';

const KEEPS = "this machine's language and time zone";

function read() {
  const { locale, timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const { language, region = 'US', script } = new Intl.Locale(locale);
  const parts = new Intl.NumberFormat(locale).formatToParts(12_345.6);
  const signOf = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  const hours = new Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions().hourCycle;
  const isImperial = /^(?:US|LR|MM)$/.test(region);
  return {
    timeZone,
    language,
    region,
    script,
    tag: `${language}-${region}`,
    isRtl: /^(?:ar|fa|he|ur|ps|yi)$/.test(language),
    is24h: hours?.startsWith('h2') === true,
    isImperial,
    temperatureUnit: isImperial ? 'fahrenheit' : 'celsius',
    decimal: signOf('decimal'),
    group: signOf('group'),
  };
}

/** https://github.com/zoontek/react-native-localize; up to version 2 one constant has it all. */
export const localize: StandIn = {
  packageName: 'react-native-localize',
  keeps: KEEPS,
  turbo: {
    RNLocalize() {
      const phone = read();
      const { language: languageCode, region: countryCode, script, tag, isRtl } = phone;
      const initialConstants = {
        calendar: 'gregorian',
        country: countryCode,
        currencies: ['USD'],
        locales: [
          {
            languageCode,
            countryCode,
            languageTag: tag,
            isRTL: isRtl,
            ...(script === undefined ? {} : { scriptCode: script }),
          },
        ],
        numberFormatSettings: { decimalSeparator: phone.decimal, groupingSeparator: phone.group },
        temperatureUnit: phone.temperatureUnit,
        timeZone: phone.timeZone,
        uses24HourClock: phone.is24h,
        usesMetricSystem: !phone.isImperial,
        usesAutoDateAndTime: true,
        usesAutoTimeZone: true,
      };
      const methods = Object.entries(initialConstants).map(([name, value]) => [
        name.startsWith('uses')
          ? name
          : name.replace(/^./, (letter) => `get${letter.toUpperCase()}`),
        () => value,
      ]);
      const ignore = (): void => undefined;
      return {
        initialConstants,
        addListener: ignore,
        removeListeners: ignore,
        ...(Object.fromEntries(methods) as object),
      };
    },
  },
};

/** https://docs.expo.dev/versions/latest/sdk/localization/ */
export const expoLocalization: StandIn = {
  packageName: 'expo-localization',
  keeps: KEEPS,
  expo: {
    ExpoLocalization() {
      const phone = read();
      const { language, region, script = null, tag, isRtl, timeZone } = phone;
      return {
        getLocales: () => [
          {
            languageTag: tag,
            languageCode: language,
            languageScriptCode: script,
            regionCode: region,
            languageRegionCode: region,
            currencyCode: null,
            currencySymbol: null,
            textDirection: isRtl ? 'rtl' : 'ltr',
            decimalSeparator: phone.decimal,
            digitGroupingSeparator: phone.group,
            measurementSystem: phone.isImperial ? 'us' : 'metric',
            temperatureUnit: phone.temperatureUnit,
          },
        ],
        getCalendars: () => [
          { calendar: 'gregory', timeZone, uses24hourClock: phone.is24h, firstWeekday: 1 },
        ],
      };
    },
  },
};
