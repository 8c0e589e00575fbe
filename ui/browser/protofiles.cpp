// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/browser/protofiles.h"

#include "core/base/whendone.h"
#include "core/formats/protofolders.h"

#include <QtConcurrent/QtConcurrentRun>

namespace slotscope {

ProtoFiles::~ProtoFiles()
{
    m_stop.request_stop();
}

void ProtoFiles::setFolders(const QStringList &folders)
{
    if (folders == m_folders)
        return;
    m_folders = folders;
    readAgain();
}

void ProtoFiles::readAgain()
{
    m_stop.request_stop();
    m_stop = std::stop_source();
    const quint64 round = ++m_round;
    m_isReading = !m_folders.isEmpty();
    if (!m_isReading) {
        m_schema.reset();
        Q_EMIT changed();
        return;
    }
    whenDone(QtConcurrent::run(
                 [folders = m_folders, stop = m_stop.get_token()] { return readProtoFolders(folders, {}, stop); }),
             this, [this, round](const ProtoSchemaPtr &schema) {
                 if (round != m_round)
                     return;
                 m_schema = schema;
                 m_isReading = false;
                 Q_EMIT changed();
             });
    Q_EMIT changed();
}

bool ProtoFiles::isTyped(const FormatChain &chain)
{
    return !chain.steps.isEmpty() && chain.steps.last().id == FormatId::Protobuf
        && !chain.steps.last().option.isEmpty();
}

FormatChain ProtoFiles::withSchema(FormatChain chain) const
{
    chain.schema = isTyped(chain) ? m_schema : nullptr;
    return chain;
}

} // namespace slotscope
