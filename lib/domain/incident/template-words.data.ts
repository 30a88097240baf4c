/**
 * Words for kinds of data, by language: an SMS that names them tells whoever reads the lock screen what was lost. Folded: lower
 * case, without accents. Words end in `*` where their endings vary.
 */
export const DATA_WORDS: Readonly<Record<string, readonly string[]>> = {
  en: [
    ...['password*', 'passcode*', 'passphrase*', 'pin', 'pin code*', 'login*', 'credential*', 'security question*'],
    ...['social security', 'ssn', 'national insurance', 'national id*', 'identity card*', 'id card*', 'passport*'],
    ...['driver licen*', 'driver s licen*', 'drivers licen*', 'driving licen*', 'tax', 'tax id*', 'taxpayer*', 'tin'],
    ...['credit card*', 'debit card*', 'payment card*', 'card number*', 'card detail*', 'cvv', 'cvc', 'iban'],
    ...['account number*', 'account detail*', 'sort code*', 'routing number*', 'payment*', 'salary'],
    ...['date of birth', 'dates of birth', 'birth date*', 'birthdate*', 'birthday*', 'dob'],
    ...['address*', 'full name*', 'your name*', 'email*', 'e mail*', 'phone number*', 'telephone number*'],
    ...['health data', 'health information', 'health record*', 'your health', 'health insurance', 'diagnos*', 'prescription*'],
    ...['medical data', 'medical information', 'medical record*', 'medical history', 'medical detail*', 'patient data', 'patient record*'],
    ...['insurance number*', 'insurance data', 'bank account*', 'bank detail*', 'bank data', 'financial data', 'financial information'],
    ...['biometric*', 'fingerprint*', 'face scan*', 'genetic*', 'dna', 'location data', 'whereabouts'],
    ...['call recording*', 'recorded call*', 'recordings of', 'voice recording*', 'religio*', 'sexual*', 'political*'],
    ...['trade union*', 'ethnic*', 'criminal*'],
  ],
  de: [
    ...['passwort*', 'passworter*', 'kennwort*', 'kennworter*', 'zugangsdaten', 'anmeldedaten', 'sicherheitsfrage*'],
    ...['sozialversicherung*', 'personalausweis*', 'ausweis*', 'reisepass*', 'fuhrerschein*', 'steuer*'],
    ...['kreditkarte*', 'kartennummer*', 'kartendaten', 'bankverbindung*', 'bankdaten', 'kontonummer*', 'kontodaten', 'bankkonto*', 'zahlung*', 'gehalt*'],
    ...['geburtsdat*', 'geburtstag*', 'anschrift*', 'adress*', 'wohnort*', 'telefonnummer*', 'rufnummer*', 'vollstandiger name'],
    ...['gesundheitsdaten', 'gesundheitsinformation*', 'gesundheitszustand*', 'ihre gesundheit', 'krankheit*', 'krankenversicherungsnummer*', 'diagnose*', 'rezept*', 'patientendaten', 'patientenakte*'],
    ...['fingerabdr*', 'biometrisch*', 'genetisch*', 'standortdaten', 'gesprachsaufzeichnung*', 'anrufaufzeichnung*'],
    ...['religio*', 'sexuell*', 'gewerkschaft*', 'vorstrafe*', 'ausweisnummer*'],
  ],
  fr: [
    ...['mot de passe', 'mots de passe', 'identifiant*', 'code secret', 'question de securite', 'questions de securite'],
    ...['securite sociale', 'numero de secu', 'carte d identite', 'cartes d identite', 'passeport*', 'permis de conduire'],
    ...['fiscal*', 'carte bancaire', 'cartes bancaires', 'carte de credit', 'carte bleue', 'numero de carte', 'compte bancaire'],
    ...['coordonnees bancaires', 'rib', 'paiement*', 'salaire*', 'date de naissance', 'anniversaire*', 'adresse*'],
    ...['numero de telephone', 'nom complet', 'de sante', 'votre sante', 'donnees medicales', 'dossier medical', 'dossiers medicaux', 'diagnostic*', 'ordonnance*'],
    ...['empreinte*', 'biometrique*', 'genetique*', 'geolocalisation', 'enregistrement*', 'religi*', 'sexuel*', 'syndica*'],
    ...['casier judiciaire'],
  ],
  es: [
    ...['contrasena*', 'clave*', 'credencial*', 'pregunta de seguridad', 'seguro social', 'seguridad social', 'dni', 'nie', 'nif'],
    ...['documento de identidad', 'pasaporte*', 'licencia de conducir', 'permiso de conducir', 'carnet de conducir', 'fiscal*'],
    ...['tarjeta*', 'cuenta bancaria', 'cuentas bancarias', 'numero de cuenta', 'datos bancarios', 'pago*', 'salario*'],
    ...['fecha de nacimiento', 'cumpleanos', 'direccion*', 'domicilio*', 'correo electronico', 'numero de telefono'],
    ...['nombre completo', 'de salud', 'su salud', 'datos medicos', 'historia clinica', 'historial medico', 'diagnostico*', 'receta*', 'huella*', 'biometric*', 'genetic*'],
    ...['ubicacion*', 'grabacion*', 'religi*', 'sexual*', 'sindica*', 'antecedentes penales'],
  ],
  it: [
    ...['password*', 'parola d ordine', 'credenzial*', 'domanda di sicurezza', 'codice fiscale', 'carta d identita'],
    ...['passaport*', 'patente*', 'fiscal*', 'carta di credito', 'carte di credito', 'carta di debito', 'numero di carta'],
    ...['conto corrente', 'conto bancario', 'coordinate bancarie', 'dati bancari', 'pagament*', 'stipendi*', 'data di nascita'],
    ...['compleann*', 'indirizz*', 'posta elettronica', 'numero di telefono', 'nome completo', 'sulla salute', 'sua salute', 'dati sanitari', 'dati medici', 'cartella clinica'],
    ...['diagnos*', 'ricett*', 'tessera sanitaria', 'impront*', 'biometric*', 'genetic*', 'posizione geografica'],
    ...['registrazion*', 'religios*', 'sessual*', 'sindacal*', 'precedenti penali'],
  ],
  nl: [
    ...['wachtwoord*', 'inloggegevens', 'pincode*', 'beveiligingsvraag', 'beveiligingsvragen', 'bsn', 'burgerservicenummer*'],
    ...['identiteitskaart*', 'identiteitsbewijs*', 'paspoort*', 'rijbewijs*', 'belasting*', 'creditcard*', 'betaalkaart*', 'bankpas*'],
    ...['kaartnummer*', 'bankrekening*', 'rekeningnummer*', 'bankgegevens', 'betaling*', 'salaris*', 'geboortedat*', 'verjaardag*'],
    ...['adres*', 'telefoonnummer*', 'volledige naam', 'gezondheidsgegevens', 'uw gezondheid', 'medische gegevens', 'medisch dossier', 'diagnos*', 'recept*', 'patientgegevens'],
    ...['zorgverzekeringsnummer*', 'vingerafdruk*', 'biometrisch*', 'genetisch*', 'locatiegegevens', 'gespreksopname*', 'religi*', 'seksue*'],
    ...['vakbond*', 'strafblad*'],
  ],
};

/** Words that offer to end notices which the law demands, folded in the same way. */
export const OPT_OUT_WORDS: readonly string[] = [
  ...['unsubscribe*', 'opt out', 'opt outs', 'opting out', 'optout*', 'reply stop', 'text stop', 'send stop', 'stop receiving'],
  ...['stop these', 'no longer receive', 'no longer wish', 'do not contact me', 'remove me'],
  ...['abmelden', 'abbestell*', 'austragen', 'keine weiteren nachrichten', 'antworten sie mit stop*', 'stop an', 'stopp an'],
  ...['desabonn*', 'desinscri*', 'ne plus recevoir', 'envoyez stop', 'repondez stop', 'stop au'],
  ...['darse de baja', 'dese de baja', 'date de baja', 'cancelar la suscripcion', 'no recibir mas', 'responda stop', 'envie stop', 'envie baja'],
  ...['annulla l iscrizione', 'disiscri*', 'cancella l iscrizione', 'non ricevere piu', 'rispondi stop', 'invia stop'],
  ...['afmelden', 'uitschrijven', 'afmeld*', 'geen berichten meer', 'antwoord stop', 'stuur stop', 'stop naar'],
];
