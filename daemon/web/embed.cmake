# cmake -DOUT=assets.cpp -DFOLDER=... -DNAMES=a,b -P embed.cmake
# Writes the named files as arrays of bytes.
string(REPLACE "," ";" names "${NAMES}")
set(arrays "")
set(rows "")
set(count 0)
foreach(name ${names})
  file(READ "${FOLDER}/${name}" hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)" "\\1\n" bytes "${bytes}")
  set(type "application/octet-stream")
  if(name MATCHES "\\.css$")
    set(type "text/css; charset=utf-8")
  elseif(name MATCHES "\\.js$")
    set(type "text/javascript; charset=utf-8")
  elseif(name MATCHES "\\.svg$")
    set(type "image/svg+xml")
  elseif(name MATCHES "\\.json$")
    set(type "application/json")
  endif()
  string(APPEND arrays "constexpr unsigned char bytes_${count}[] = {\n${bytes}\n};\n")
  string(APPEND rows "    Asset{\"${name}\", \"${type}\",\n          {reinterpret_cast<const char*>(bytes_${count}), sizeof bytes_${count}}},\n")
  math(EXPR count "${count} + 1")
endforeach()
file(WRITE "${OUT}" "// Written by embed.cmake.
#include \"daemon/web/assets.h\"

namespace pw {
namespace {

${arrays}
}  // namespace

std::span<const Asset> assets() {
  static const Asset rows[] = {
${rows}  };
  return rows;
}

}  // namespace pw
")
