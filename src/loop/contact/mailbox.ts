/**
 * Domains at which strangers have mailboxes and that the published list of free ones does not have (email-providers, 2.26):
 * mail services that ask for money or guard privacy, addresses that forward to a hidden one, and providers of access to the
 * internet and of telephones, whose customers have addresses at the provider's domain. Two of them belong to one company no
 * more than two at gmail.com. A workspace corrects this in its settings.
 */
const PLACES: Readonly<Record<string, string>> = {
  'Mail services': `
    autistici.org countermail.com ctemplar.com disroot.org elude.in eml.cc etik.com fastmail.ca fastmail.cn
    fastmail.co.uk fastmail.com fastmail.de fastmail.es fastmail.fr fastmail.im fastmail.in fastmail.is
    fastmail.jp fastmail.mx fastmail.net fastmail.nl fastmail.org fastmail.se fastmail.to fastmail.us hushmail.me
    ik.me ikmail.com inbox.eu keemail.me kolabnow.ch kolabnow.com mail.de mailfence.com mailo.com mailo.net
    messagingengine.com murena.io net-c.com netc.fr onmail.com outlook.ch outlook.nl outlook.no outlook.pl
    outlook.ro outlook.se passfwd.com passinbox.com passmail.com passmail.net posteo.at posteo.be posteo.ch
    posteo.de posteo.es posteo.eu posteo.fr posteo.it posteo.me posteo.net posteo.nl posteo.org posteo.pl
    posteo.se posteo.uk posteo.us riseup.net skiff.com soverin.net startmail.com systemausfall.org systemli.org
    thexyz.net tuta.com tuta.io tutamail.com tutanota.com tutanota.de vivaldi.net zoho.eu zoho.in zohomail.com
    zohomail.eu zohomail.in
  `,
  'Addresses that forward to one that stays hidden': `
    8alias.com 8shield.net addy.io addymail.com aleeas.com anonaddy.com anonaddy.me dralias.com duck.com
    erine.email mozmail.com silomails.com simplelogin.co simplelogin.com simplelogin.fr simplelogin.io slmail.me
    slmails.com
  `,
  Netherlands: `
    12move.nl budgetmail.nl caiway.net caiway.nl casema.nl deltamail.nl filternet.nl hccnet.nl kabelfoon.net
    kliksafe.nl kpnplanet.nl lijbrandt.nl multiweb.nl online.nl onsbrabantnet.nl onsnet.nu orange.nl quicknet.nl
    solcon.nl solconmail.nl stipte.nl tele2.nl telfort.nl telfortglasvezel.nl tiscali.nl upcmail.nl versatel.nl
    vodafonethuis.nl vodafonevast.nl wanadoo.nl xs4all.nl zeelandnet.nl ziggo.nl
  `,
  'Belgium, Luxembourg': `
    belgacom.net brutele.be dommel.be edpnet.be internet.lu numericable.be orange.be pandora.be proximus.be pt.lu
    scarlet.be teledisnet.be vo.lu
  `,
  Germany: `
    alice-dsl.de alice-dsl.net alice.de alicedsl.de arcor.net bitel.net directbox.com dokom.net emailn.de ewe.net
    ewetel.de ewetel.net freenetmail.de gelsennet.de gmx.biz gmx.ch gmx.eu gmx.info gmx.org gmx.us hansenet.de
    htp-tel.de kabelbw.de kabelmail.net m-online.net magenta.de mnet-mail.de mnet-online.de netaachen.de
    netcologne.de nordcom.net o2.de o2mail.de o2online.de online-home.de osnanet.de primacom.net swb.de tele2.de
    telecolumbus.net teleos-web.de tiscali.de unity-mail.de unitybox.de versanet.de versatel.de vodafone.de
    vodafonemail.de wobline.de wtnet.de
  `,
  Austria: `
    a1.net aon.at cablelink.at chello.at drei.at eunet.at inode.at kabelplus.at kabsi.at liwest.at nextra.at
    salzburg-online.at sbg.at tele2.at tplus.at upcmail.at utanet.at vol.at
  `,
  Switzerland: `
    besonet.ch citycable.ch freesurf.ch ggaweb.ch green.ch hispeed.ch hotmail.ch netplus.ch quickline.ch
    quickline.com romandie.com solnet.ch sunrise.ch swissonline.ch tiscali.ch vtxmail.ch vtxnet.ch
  `,
  France: `
    9business.fr 9online.fr bbox.fr canl.nc cegetel.net dartybox.com estvideo.fr evc.net infonie.fr lagoon.nc
    libertysurf.fr lilo.org mailoo.org mediaserv.net mls.nc modulonet.fr noos.fr nordnet.fr numericable.com
    numericable.fr only.fr ozone.net tele2.fr worldonline.fr zeop.re
  `,
  'Italy, Malta': `
    aruba.it cheapnet.it fastmail.it fastwebnet.it global.net.mt go.net.mt infostrada.it maltanet.net onvol.net
    tim.it tiscalinet.it vodafone.it
  `,
  'Spain, Portugal': `
    cabovisao.pt clix.pt euskalnet.net euskaltel.net iol.pt jazzfree.com jazztel.es mail.telepac.pt movistar.es
    mundo-r.com netcabo.pt netvisao.pt ono.com orange.es telecable.es telefonica.net telepac.pt vodafone.es
    vodafone.pt ya.com zonmail.pt
  `,
  'United Kingdom, Ireland': `
    cix.co.uk clara.co.uk clara.net demon.co.uk dsl.pipex.com eclipse.co.uk ee.co.uk f2s.com force9.co.uk
    fsnet.co.uk gotadsl.co.uk guernsey.net homecall.co.uk indigo.ie iol.ie jersey.net jerseymail.co.uk karoo.co.uk
    lineone.net madasafish.com manx.net metronet.co.uk o2.ie o2email.co.uk onetel.com onetel.net orangehome.co.uk
    pipex.com plus.com plus.net plusnet.com supanet.com tesco.net tescobb.net uwclub.net vodafone.ie
    wightcable.net zen.co.uk
  `,
  'Nordic countries': `
    altiboxmail.no bahnhof.se bluezone.no bredband.net bredband2.com broadpark.no city.dk comhem.se dlgtele.dk
    dnainternet.fi dnainternet.net ebnett.no elisanet.fi frisurf.no get2net.dk getmail.no glocalnet.net hotmail.se
    inet.fi internet.is jubii.dk kolumbus.fi live.se lyse.net mail.dk mail.tele.dk mbnet.fi nextgentel.com ofir.dk
    online.no ownit.nu passagen.se phnet.fi post.tele.dk pp.inet.fi privat.dk saunalahti.fi simnet.is start.no
    stofanet.dk suomi24.fi swipnet.se tdcadsl.dk tdcspace.dk tele.dk tele2.no tele2.se telenor.no telenor.se
    telia.com telia.se visir.is webspeed.dk welho.com youmail.dk youseepost.dk
  `,
  'Central and eastern Europe': `
    amis.net amorki.pl atlas.cz autograf.pl autorambler.ru azet.sk beotel.net bigmir.net bih.net.ba bol.bg
    buziaczek.pl chello.hu chello.pl chello.sk citromail.hu cytanet.com.cy delfi.lv digikabel.hu digimail.ro
    dir.bg e-kolay.net elion.ee email.ua enternet.hu eunet.rs externet.hu gbg.bg go2.pl hol.gr hotmail.com.tr
    htnet.hr in.gr inbox.lt indamail.hu inet.hr interia.com interia.eu internet.ru intmail.pl invitel.hu iol.cz
    k.ro latnet.lv lenta.ru mail.bg mail.kz mail.lv mail.ua mbox.contact.bg meta.ua mtu-net.ru mynet.com
    myrambler.ru neostrada.pl net.hr neti.ee nm.ru o2active.cz one.lt one.lv onet.com.pl onet.eu online.ee
    online.ua op.pl open.telekom.rs optinet.hr orange.pl otenet.gr pathfinder.gr poczta.onet.eu poczta.onet.pl
    poczta.pl pr.hu primehome.com ptt.rs qip.ru quick.cz rambler.ua rdslink.ro rdsmail.ro ro.ru romtelecom.ro
    sbb.rs siol.net spidernet.com.cy spoko.pl spoluzaci.cz starman.ee stonline.sk superonline.com szm.sk t-2.net
    t-com.hr t-com.me t-home.mk t.mk takas.lt tel.net.ba telemach.net tellas.gr tiscali.cz tlen.pl ttmail.com
    ttnet.net.tr turk.net tut.by ua.fm upcmail.cz upcmail.hu upcmail.ro upcmail.sk upcpoczta.pl verat.net
    vip.wp.pl vipmail.hu vnet.hu vodafone.gr volja.net volny.cz vp.pl xmail.ru xnet.hr yandex.by yandex.kz
    yandex.ua yubc.net zebra.lt zg.t-com.hr zoznam.sk
  `,
  'North America': `
    aliant.net armstrong.net bellaliant.net breezeline.net buckeye-express.com cogeco.net consolidated.net
    currently.com eastlink.ca execulink.com fairpoint.net flash.net grandecom.net knology.net look.ca
    mediacombb.net metrocast.net mts.net mymts.net nb.sympatico.ca nbnet.nb.ca northstate.net northwestel.net
    novuscom.net ns.sympatico.ca nvbell.net sasktel.net service1.net sparklight.net spectrum.net suddenlink.net
    tbaytel.net teksavvy.com telusplanet.net tmo.blackberry.net tmomail.net txt.att.net videotron.qc.ca
    vl.videotron.ca vtext.com wans.net wowway.net xplornet.ca xplornet.com
  `,
  Oceania: `
    aapt.net.au actrix.co.nz actrix.gen.nz adam.com.au aussiebb.com.au bigpond.net clear.net.nz exetel.com.au
    ihug.co.nz inspire.net.nz kol.co.nz optusnet.com orcon.net.nz paradise.net.nz primus.com.au slingshot.co.nz
    snap.net.nz three.com.au vodafone.co.nz vodafone.com.au
  `,
  Asia: `
    012.net.il 013.net.il 014.net.il 139.com 189.cn 263.net 2980.com airtelmail.in asahi-net.or.jp au.com
    auone-net.jp barak.net.il bezeqint.net biglobe.jp biglobe.ne.jp biznet.net.id biznetvigator.com bsnl.in
    cbn.net.id chol.com commufa.jp ctimail.com cyber.net.pk cyberia.net.lb dataone.in dion.ne.jp djaweb.dz
    dreamwiz.com dti.ne.jp eim.ae emirates.net.ae empal.com empas.com eonet.ne.jp fpt.vn freechal.com giga.net.tw
    gnet.tn goo.jp hanafos.com hcm.vnn.vn hi-ho.ne.jp hinet.net hkbn.net hn.vnn.vn i-cable.com iam.ma idm.net.lb
    infoweb.ne.jp jaring.my jcom.zaq.ne.jp kakao.com kbronet.com.tw ksc.th.com livedoor.com loxinfo.co.th
    lycos.co.kr maxis.net.my menara.ma msa.hinet.net msn.co.jp nana.co.il netvigator.com nifty.com nifty.ne.jp
    ocn.ne.jp odn.ne.jp omantel.net.om pacific.net.sg paran.com pchome.com.tw plala.or.jp planet.tn pldtdsl.net
    ptcl.net.pk qatar.net.qa rakumail.jp sancharnet.in saudi.net.sa seed.net.tw sina.com.cn sltnet.lk smile.net.il
    so-net.ne.jp so-net.net.tw sohu.com starhub.net.sg streamyx.com tedata.net.eg telkomsel.blackberry.com
    terra.net.lb tm.net.my topnet.tn totisp.net unifi.my vip.126.com vip.163.com vip.sohu.com vsnl.com vsnl.net
    wo.cn wo.com.cn y-mobile.ne.jp yahoo.com.sa yahoo.ne.jp ymobile.ne.jp zaq.ne.jp
  `,
  'South America': `
    adinet.com.uy brturbo.com.br cable.net.co cantv.net ciudad.com.ar etb.net.co mi.cl netsite.com.br netuno.net
    pop.com.br speedy.com.pe superig.com.br telecentro.com.ar terra.com.pe tie.cl une.net.co uolsinectis.com.ar
    veloxmail.com.br vtr.net
  `,
  Africa: `
    absamail.co.za africaonline.co.ke iafrica.com icon.co.za intnet.mu lantic.net mtnloaded.co.za mtnonline.com
    mweb.co.za orange.mu polka.co.za telkomsa.net vodamail.co.za wananchi.com yebo.co.za
  `,
};

/** Those domains, in no order. */
export const MAILBOXES: readonly string[] = Object.values(PLACES).flatMap(place => place.trim().split(/\s+/));
