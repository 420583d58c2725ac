/**
 * The words that passwords are made of which are tried first: with digits, years and signs around them, or one after the
 * other. Gathered by hand from what people are known to choose; in lower case.
 */
export const COMMON_WORDS: readonly string[] = `
  password passwort passw pass word login logon signin admin administrator root user guest test tester testing temp
  default secret private public access enter open system server service support manager master account welcome hello
  changeme change letmein letme trust nobody trustno whatever nothing please sesame abracadabra qwerty qwertz azerty
  asdf zxcv qazwsx qaz wsx abc baton sales marketing lead leads company office work business team money dollar cash
  credit bank million iloveyou loveyou loveme love lover lovely forever together baby babygirl honey sweet sweetie
  sweety darling angel angels heaven heart kisses princess prince queen king kings lady girl girls boys family mother
  father brother sister mommy daddy friend friends best happy smile lucky success winner winning champion freedom
  liberty justice peace spring summer autumn winter january february march april june july august september october
  november december monday tuesday wednesday thursday friday saturday sunday today tomorrow yesterday christmas
  holiday birthday sunshine sunrise sunset moonlight rainbow star stars starlight shadow thunder lightning storm
  hurricane fire water earth ocean river mountain island flower flowers rose lily daisy garden forest nature paradise
  crystal diamond silver gold golden platinum emerald ruby sapphire monkey dragon tiger tigers lion lions eagle eagles
  falcon hawk bear bears wolf wolves panther panthers jaguar dolphin dolphins shark horse mustang pony bulldog puppy
  doggy kitty kitten cats chicken bunny rabbit turtle spider scorpion snake cobra viper butterfly elephant penguin
  unicorn phoenix cowboy cowboys pirate pirates ninja samurai warrior soldier hunter ranger rangers killer slayer
  wizard merlin magic monster vampire zombie ghost devil football baseball basketball softball soccer hockey tennis
  golf rugby cricket boxing racing swimming running fishing hunting skateboard snowboard surfing dancer dancing guitar
  piano drummer music rock metal hiphop jazz liverpool arsenal chelsea everton barcelona realmadrid madrid juventus
  milan bayern dortmund celtic manchester united city yankees redsox lakers bulls cubs steelers packers patriots
  raiders giants broncos jordan superman batman spiderman ironman hulk avengers marvel starwars startrek skywalker
  vader yoda gandalf frodo hobbit matrix pokemon pikachu naruto mario zelda sonic minecraft fortnite roblox warcraft
  counter strike halo gamer player playboy blink metallica nirvana slipknot eminem beatles elvis computer internet
  google facebook twitter instagram youtube yahoo hotmail gmail microsoft windows apple iphone android samsung nokia
  sony linux ubuntu oracle cisco github amazon netflix adobe photoshop chocolate cookie cookies candy cherry banana
  orange lemon strawberry peach peaches coffee pizza cheese butter pepper ginger sugar vanilla cocacola pepsi whiskey
  vodka beer wine mercedes ferrari porsche corvette camaro toyota honda yamaha kawasaki harley davidson nissan subaru
  volvo bmw america american canada england scotland ireland london paris berlin germany deutschland france espana
  italia brasil brazil mexico india pakistan australia china japan russia moscow texas florida california chicago
  boston newyork dallas houston vegas miami hawaii alaska europe africa michael jennifer jessica ashley amanda nicole
  michelle daniel andrew joshua matthew anthony charlie robert thomas george william david james john joseph jonathan
  christopher christian chris christ jesus alexander alexandra alex nicholas benjamin samantha elizabeth victoria
  natalie rebecca rachel sarah hannah emily madison taylor jackson austin justin brandon dylan tyler maggie molly
  bailey buster rocky sophie oliver oscar maria carlos juan jose antonio fernando francisco alejandro gabriel miguel
  pedro rafael marcus martin patrick richard steven kevin brian jason eric mark paul peter frank henry jack harry max
  sam tom bob fred anna julia laura linda lisa melissa monica patricia sandra sabrina stephanie tiffany vanessa
  veronica jasmine destiny fuck purple yellow green black white blue pink brown scarlet number letter alpha beta gamma
  delta omega zero seven eleven first last super mega ultra power extreme perfect beautiful pretty little crazy stupid
  awesome amazing special secure security hacker control remember forget spongebob tinkerbell potter linkin park
  volleyball catherine charlotte sebastian sweetheart cutie pie sunflower teddy terminator rockstar stephen spencer
  jeremy brittany brooklyn airforce runescape blackberry motorola panasonic myspace gangster gangsta skater student
  teacher doctor corazon estrella mariposa krishna vladimir valentina isabella giovanni leonardo ronaldo messi
  maradona zidane cena undertaker christina caroline gabriela daniela sofia olivia jayden aiden ethan logan mason noah
  liam lucas tequiero teamo amor hallo bonjour soleil motdepasse contrasena senha parola geheim schatz liebe sommer
  fussball tokio hotel dance happiness blessed blessing faith god truth hope dream dreams dreamer gazer school college
  pencil dinosaur bubbles cupcake snickers skittles popcorn pumpkin marlboro heineken guinness budweiser carlsberg
  cowgirl playstation nintendo xbox sega yankee steeler raider packer rooney beckham gerrard lampard inter roma napoli
  benfica porto ajax feyenoord fener galatasaray besiktas spartak dynamo zenit qwe asd zxc qweasd asdasd hollywood
  alessandro cheer leader nightmare johnathan south north east west side sexy start finding
`
  .trim()
  .split(/\s+/);
