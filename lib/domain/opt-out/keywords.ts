/** The languages whose words are known. */
export type Language = 'en' | 'es' | 'fr' | 'de' | 'it';

/** What a message says when it is nothing but these words. Lower case, no accents, words by single blanks. */
export type Keywords = {
  /** An opt-out. Inside a longer message they are a doubt. */
  readonly optOut: readonly string[];
  /** An opt-out too, but words that longer messages hold for other reasons: `para`, `fin`, `alto`. */
  readonly optOutAlone: readonly string[];
  /** Alone or inside a longer message: could be meant as an opt-out. */
  readonly doubtful: readonly string[];
  /** Asks for messages. Nothing is lifted by it: consent has a proof of its own. */
  readonly optIn: readonly string[];
};

// The seven words that revoke per se: 47 CFR 64.1200(a)(10).
const FCC = ['stop', 'quit', 'end', 'revoke', 'opt out', 'cancel', 'unsubscribe'];
// https://docs.aws.amazon.com/sms-voice/latest/userguide/keywords-required.html (ARRET and TD are the others)
// https://support.twilio.com/hc/en-us/articles/223134027 (STOPALL)
const CARRIERS = ['stopall', 'stop all', 'optout', 'remove'];

/**
 * Words by language. Beside the FCC's and the carriers' stand what a reasonable person would understand (the same
 * paragraph). Italian `fine` is left out: it is what people answer in English when all is well.
 */
export const KEYWORDS: Readonly<Record<Language, Keywords>> = {
  en: {
    optOut: [
      ...FCC,
      ...CARRIERS,
      ...['unsub', 'unsubscribe me', 'remove me', 'opt me out', 'take me off', 'take me off your list'],
      ...['stop calling', 'stop calling me', 'stop texting', 'stop texting me', 'stop messaging me'],
      ...['stop contacting me', 'do not call', 'do not call me', 'dont call me', 'do not text'],
      ...['do not text me', 'dont text me', 'do not contact me', 'dont contact me', 'leave me alone'],
      ...['no more calls', 'no more texts', 'no more messages', 'no more emails'],
    ],
    optOutAlone: ['td', 'dnc'],
    doubtful: [
      ...['no more', 'not interested', 'wrong number', 'wrong person', 'lose my number', 'go away'],
      ...['dont call', 'dont text', 'dont contact', 'do not contact', 'off your list', 'unsubscribed'],
      ...['stopping', 'stp', 'stpo', 'sotp', 'tsop', 'stoop', 'unsubcribe', 'unsuscribe', 'unsubscibe'],
    ],
    optIn: ['start', 'unstop', 'yes', 'opt in', 'optin', 'subscribe', 'resume'],
  },
  es: {
    optOut: [
      ...['parar', 'basta', 'cancelar', 'cancela', 'detener', 'no mas', 'no mas llamadas', 'no mas mensajes'],
      ...['dar de baja', 'darme de baja', 'deme de baja', 'desuscribir', 'desuscribirme', 'revocar'],
      ...['no me llame', 'no me llamen', 'no me llames', 'no me escriban'],
    ],
    optOutAlone: ['alto', 'baja', 'para', 'pare', 'paren', 'salir', 'fin'],
    doubtful: [
      'no llamar',
      'no quiero llamadas',
      'no quiero mensajes',
      'no me interesa',
      'numero equivocado',
    ],
    optIn: ['si', 'iniciar', 'comenzar', 'empezar'],
  },
  fr: {
    optOut: [
      ...['arret', 'arrett', 'arrete', 'arreter', 'arretez', 'annuler', 'stop sms', 'stop pub'],
      ...['desabonner', 'desabonnement', 'me desabonner', 'desabonnez moi', 'desinscrire', 'desinscription'],
      ...['me desinscrire', 'revoquer', 'ne m appelez plus', 'ne m ecrivez plus', 'plus de messages'],
    ],
    optOutAlone: ['fin'],
    doubtful: ['resilier', 'ne plus appeler', 'pas interesse', 'pas interessee', 'faux numero'],
    optIn: ['oui', 'debut', 'demarrer', 'reprendre'],
  },
  de: {
    optOut: [
      ...['stopp', 'abmelden', 'abmeldung', 'abbestellen', 'austragen', 'widerruf', 'widerrufen', 'beenden'],
      ...['keine werbung', 'keine werbung mehr', 'keine anrufe', 'keine anrufe mehr', 'keine sms mehr'],
      ...['nicht mehr anrufen', 'rufen sie mich nicht mehr an', 'loschen', 'loeschen'],
    ],
    optOutAlone: ['ende', 'aus'],
    doubtful: ['abbrechen', 'kundigen', 'kuendigen', 'nicht anrufen', 'kein interesse', 'falsche nummer'],
    optIn: ['ja', 'anmelden', 'starten'],
  },
  it: {
    optOut: [
      ...['ferma', 'fermare', 'fermati', 'fermatevi', 'annulla', 'annullare', 'cancella', 'cancellami'],
      ...['cancellare', 'cancellazione', 'disiscrivi', 'disiscrivimi', 'disiscrizione', 'revoca', 'revocare'],
      ...['rimuovi', 'rimuovimi', 'non chiamatemi', 'non chiamatemi piu', 'non mi chiamate piu'],
    ],
    optOutAlone: [],
    doubtful: ['non chiamare', 'non mi interessa', 'numero sbagliato', 'smettere', 'smettete'],
    optIn: ['inizia', 'avvia', 'riprendi'],
  },
};

/** Pictures that can mean "stop"; U+FE0F is left out. */
export const STOP_SIGNS: readonly string[] = ['🛑', '⛔', '🚫', '✋', '🙅'];
